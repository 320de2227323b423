// Matrix product, tiles of vec4s and 8 × 8 elements per invocation: for GPUs
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// Two ideas more than tiled.wgsl. Tiles hold vec4s, and an invocation computes 8 × 8 elements of C
// (see tiles.wgsl): a read from workgroup memory serves 16 multiply-adds instead of two. And no
// edge of a matrix costs anything in the loop over k. A row or column past the edge is the last one
// again, and is not stored. Only the last tile asks which of its terms exist.

import package::lib::activation::{NONE, activate4};
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::tiles::{
  DEPTH, TILE, WORKGROUP, add_products, left_tile, place_in_tile, right_tile, sums_from, up_to
};
import package::matmul::blocks::{A_ALONG_K, B_ALONG_K, UNIT, VECTORS, block_of_a, block_of_b};
import package::matmul::product::{block_of, params, start_of};

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

// What the sums of four columns begin with.
fn bias_at(j: u32) -> vec4f {
  if (!BIAS) { return vec4f(); }
  let at = params.bias_offset + four_from(min(j, params.n - 1u), params.n);
  return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

fn store(batch: u32, i: u32, j: u32, l: vec4f, r: vec4f) {
  if (i >= params.m) { return; }
  let row = (batch * params.m + i) * params.n;
  store_four(row, j, activate4(ACTIVATION, l));
  store_four(row, j + TILE / 2u, activate4(ACTIVATION, r));
}

fn store_four(row: u32, j: u32, v: vec4f) {
  if (j >= params.n) { return; }
  C[row + j] = v.x;
  if (VECTORS || j + 1u < params.n) { C[row + j + 1u] = v.y; }
  if (VECTORS || j + 2u < params.n) { C[row + j + 2u] = v.z; }
  if (VECTORS || j + 3u < params.n) { C[row + j + 3u] = v.w; }
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) me: u32,
) {
  let own = block_of(workgroup_index(group, groups), TILE);
  if (own.batch >= params.batches) { return; }
  let start = start_of(own.batch);
  // Each tile has TILE blocks. Where invocations are twice as many, half of them load A's.
  let loads_a = me < TILE;
  let loads_b = WORKGROUP == TILE || !loads_a;
  let of_a = place_in_tile(me % TILE, A_ALONG_K);
  let of_b = place_in_tile(me % TILE, B_ALONG_K);
  let rows = four_from(own.i + of_a.x * 4u, params.m) * params.A_row;
  let columns = four_from(own.j + of_b.x * 4u, params.n) * params.B_column;
  let a = (start.x + rows + of_a.y * 4u * params.A_column) / UNIT;
  let b = (start.y + columns + of_b.y * 4u * params.B_row) / UNIT;

  let i = me / (TILE / 8u);
  let j = me % (TILE / 8u);
  let column = own.j + j * 4u;
  var c = sums_from(bias_at(column), bias_at(column + TILE / 2u));
  for (var k = 0u; k < params.k; k += DEPTH) {
    if (loads_a) {
      var terms = block_of_a(a, k);
      if (k + DEPTH > params.k) { terms = up_to(params.k, terms, k + of_a.y * 4u); }
      left_tile[of_a.x].terms[of_a.y] = terms;
    }
    if (loads_b) {
      var terms = block_of_b(b, k);
      if (k + DEPTH > params.k) { terms = up_to(params.k, terms, k + of_b.y * 4u); }
      right_tile[of_b.x].terms[of_b.y] = terms;
    }
    workgroupBarrier();
    add_products(&c, i, j);
    workgroupBarrier();
  }

  // A loop whose length is not known: a driver that has 64 stores in front of it, written out or
  // unrolled, compiles them for seconds.
  let end = min(own.i + TILE, params.m);
  for (var row = own.i + i * 4u; row < end; row += TILE / 2u) {
    store(own.batch, row, column, c[0], c[1]);
    store(own.batch, row + 1u, column, c[2], c[3]);
    store(own.batch, row + 2u, column, c[4], c[5]);
    store(own.batch, row + 3u, column, c[6], c[7]);
    c[0] = c[8]; c[1] = c[9]; c[2] = c[10]; c[3] = c[11];
    c[4] = c[12]; c[5] = c[13]; c[6] = c[14]; c[7] = c[15];
  }
}
