// Matrix product, tiles of vec4s and 8 × 8 elements per invocation: for GPUs
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// Two ideas more than tiled.wgsl. Tiles hold vec4s, and an invocation computes 8 × 8 elements of C
// (see tiles.wgsl): a read from workgroup memory serves 16 multiply-adds instead of two. And no
// edge of a matrix costs anything in the loop over k. A row or column past the edge is the last one
// again, and is not stored. Only the last tile asks which of its terms exist.

import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::tiles::{
  DEPTH, TILE, WORKGROUP, add_products, left_tile, place_in_tile, right_tile, sums_from, up_to
};
import package::matmul::blocks::{A_ALONG_K, B_ALONG_K, UNIT, VECTORS, block_of_a, block_of_b};
import package::matmul::product::{block_of, params, start_of};
import package::matmul::store::{bias_at, store_block};

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
  store_block(&c, own, start.z, i, column);
}
