// Two tiles in workgroup memory, and the product of what lies in them
//
//     C[i,j] += Σ_k left[k,i] right[k,j]          for TILE × TILE elements of C and 16 terms
//
// An invocation computes 8 × 8 elements of C: 4 × 4 at (i, j), and three more such blocks half a
// tile further down, to the right, and both. So the invocations of a row read neighbouring vec4s.
// Per term an invocation reads four vec4s and does 64 multiply-adds with them.
//
// Everything is written out, so every place in a tile that an invocation reads is a constant behind
// one of four addresses. In a loop the compiler would add up each of these places, and compare it
// with the end of the tile.

import package::lib::products::times4;

const DEPTH = 16u; // terms in a tile

override TILE: u32 = 128; // rows and columns of C per workgroup
override WORKGROUP: u32 = 256; // (TILE / 8)² invocations

// Four rows of a tile: 16 terms, a vec4 each. A vec4 more lets neighbours begin in different banks.
struct Four { terms: array<mat4x4f, 4>, gap: vec4f }

var<workgroup> left_tile: array<Four, TILE / 4u>;
var<workgroup> right_tile: array<Four, TILE / 4u>;

// Where in a tile the 4 × 4 numbers belong that an invocation loads: which four rows or columns,
// and which four terms. Neighbours in memory are loaded by neighbouring invocations.
fn place_in_tile(me: u32, along_k: bool) -> vec2u {
  if (along_k) { return vec2u(me / 4u, me % 4u); }
  return vec2u(me % (TILE / 4u), me / (TILE / 4u));
}

// Terms k to k + 3, those from `end` on as zeros.
fn up_to(end: u32, terms: mat4x4f, k: u32) -> mat4x4f {
  let none = vec4f();
  return mat4x4f(
    select(none, terms[0], k < end),
    select(none, terms[1], k + 1u < end),
    select(none, terms[2], k + 2u < end),
    select(none, terms[3], k + 3u < end),
  );
}

// 8 rows of 8 columns: a row's first four columns, its other four, then the next row.
alias Sums = array<vec4f, 16>;

// Sums that begin with the same row.
fn sums_from(l: vec4f, r: vec4f) -> Sums {
  return Sums(l, r, l, r, l, r, l, r, l, r, l, r, l, r, l, r);
}

// i and j count vec4s.
fn add_products(c: ptr<function, Sums>, i: u32, j: u32) {
  for (var k = 0u; k < DEPTH / 4u; k++) {
    add_term(c, i, j, k, 0u);
    add_term(c, i, j, k, 1u);
    add_term(c, i, j, k, 2u);
    add_term(c, i, j, k, 3u);
  }
}

fn add_term(c: ptr<function, Sums>, i: u32, j: u32, k: u32, q: u32) {
  let u = left_tile[i].terms[k][q];
  let v = left_tile[i + TILE / 8u].terms[k][q];
  let l = right_tile[j].terms[k][q];
  let r = right_tile[j + TILE / 8u].terms[k][q];
  (*c)[0] += times4(l, u.x); (*c)[1] += times4(r, u.x);
  (*c)[2] += times4(l, u.y); (*c)[3] += times4(r, u.y);
  (*c)[4] += times4(l, u.z); (*c)[5] += times4(r, u.z);
  (*c)[6] += times4(l, u.w); (*c)[7] += times4(r, u.w);
  (*c)[8] += times4(l, v.x); (*c)[9] += times4(r, v.x);
  (*c)[10] += times4(l, v.y); (*c)[11] += times4(r, v.y);
  (*c)[12] += times4(l, v.z); (*c)[13] += times4(r, v.z);
  (*c)[14] += times4(l, v.w); (*c)[15] += times4(r, v.w);
}
