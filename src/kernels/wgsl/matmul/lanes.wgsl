// The product of 32 rows of A and the columns of B that each lane of a subgroup has
//
// See matmul/subgroup.wgsl. A and B may each lie along k or across it: a transposition in registers
// makes up the difference. Where sizes or strides are no multiples of 4, four numbers are loaded
// instead of a vec4, and terms past the end of k are zeros.

import package::lib::broadcast::{high_lanes, low_lanes};
import package::lib::four::four_from;
import package::lib::rows::{Rows, grown};
import package::lib::tiles::up_to;
import package::matmul::blocks::{A, A4, A_ALONG_K, UNIT, VECTORS, block_of_b};
import package::matmul::product::params;

override LANES: u32 = 8; // of a subgroup: 4 or 8

// One of the 32 vec4s that make up A[i..i+31, k..k+3]: a row of it, or four rows at one k.
fn piece_of_a(a: u32, piece: u32, k: u32) -> vec4f {
  let row = select(piece / 4u * 4u, piece, A_ALONG_K);
  let term = select(k + piece % 4u, k, A_ALONG_K);
  let at = a + row * params.A_row + term * params.A_column;
  if (VECTORS) { return A4[at / 4u]; }
  if (!A_ALONG_K) {
    let next = params.A_row;
    let four = vec4f(A[at], A[at + next], A[at + 2u * next], A[at + 3u * next]);
    return select(vec4f(), four, term < params.k);
  }
  let four = vec4f(A[at], A[at + 1u], A[at + 2u], A[at + 3u]);
  return select(vec4f(), four, vec4u(term, term + 1u, term + 2u, term + 3u) < vec4u(params.k));
}

// Four pieces as four rows of A, a column for each row.
fn rows(pieces: mat4x4f) -> mat4x4f {
  if (A_ALONG_K) { return pieces; }
  return transpose(pieces);
}

fn low(mine: vec4f) -> mat4x4f { return rows(low_lanes(mine)); }
fn high(mine: vec4f) -> mat4x4f { return rows(high_lanes(mine)); }

// B[k..k+3, j..j+3], a column for each k.
fn columns(b: vec4u, k: u32) -> mat4x4f {
  if (VECTORS) { return block_of_b(b, k); }
  return up_to(params.k, block_of_b(b, k), k);
}

// Where four columns of B begin.
fn four_columns(start: u32, j: u32) -> vec4u {
  return (start + four_from(j, params.n) * params.B_column) / UNIT;
}

// Adds to the rows from A's element `a` on: c has columns j to j + 3, and with 4 lanes d has those
// 16 further on.
fn add_rows(
  c: ptr<function, Rows>, d: ptr<function, Rows>, start: vec2u, i: u32, j: u32, lane: u32,
) {
  let a = start.x + i * params.A_row;
  let b = four_columns(start.y, j);
  let b_next = four_columns(start.y, j + 16u);
  // All loads of an iteration come before their use: compilers find a better schedule for that.
  for (var k = 0u; k < params.k; k += 4u) {
    if (LANES == 8u) {
      let s0 = piece_of_a(a, lane, k);
      let s1 = piece_of_a(a, 8u + lane, k);
      let s2 = piece_of_a(a, 16u + lane, k);
      let s3 = piece_of_a(a, 24u + lane, k);
      let here = columns(b, k);
      (*c)[0] = grown((*c)[0], here, low(s0)); (*c)[1] = grown((*c)[1], here, high(s0));
      (*c)[2] = grown((*c)[2], here, low(s1)); (*c)[3] = grown((*c)[3], here, high(s1));
      (*c)[4] = grown((*c)[4], here, low(s2)); (*c)[5] = grown((*c)[5], here, high(s2));
      (*c)[6] = grown((*c)[6], here, low(s3)); (*c)[7] = grown((*c)[7], here, high(s3));
    } else {
      let here = columns(b, k);
      let next = columns(b_next, k);
      let s0 = low(piece_of_a(a, 0u + lane, k));
      (*c)[0] = grown((*c)[0], here, s0); (*d)[0] = grown((*d)[0], next, s0);
      let s1 = low(piece_of_a(a, 4u + lane, k));
      (*c)[1] = grown((*c)[1], here, s1); (*d)[1] = grown((*d)[1], next, s1);
      let s2 = low(piece_of_a(a, 8u + lane, k));
      (*c)[2] = grown((*c)[2], here, s2); (*d)[2] = grown((*d)[2], next, s2);
      let s3 = low(piece_of_a(a, 12u + lane, k));
      (*c)[3] = grown((*c)[3], here, s3); (*d)[3] = grown((*d)[3], next, s3);
      let s4 = low(piece_of_a(a, 16u + lane, k));
      (*c)[4] = grown((*c)[4], here, s4); (*d)[4] = grown((*d)[4], next, s4);
      let s5 = low(piece_of_a(a, 20u + lane, k));
      (*c)[5] = grown((*c)[5], here, s5); (*d)[5] = grown((*d)[5], next, s5);
      let s6 = low(piece_of_a(a, 24u + lane, k));
      (*c)[6] = grown((*c)[6], here, s6); (*d)[6] = grown((*d)[6], next, s6);
      let s7 = low(piece_of_a(a, 28u + lane, k));
      (*c)[7] = grown((*c)[7], here, s7); (*d)[7] = grown((*d)[7], next, s7);
    }
  }
}
