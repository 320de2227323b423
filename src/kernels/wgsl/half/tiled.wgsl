// A product of many rows with weights in half precision: tiles in workgroup memory
//
//     C[i,j] = f(Σ_k A[i,k] W[j,k] + bias[j])          A [m, k]   W [n, k]   C [m, n]
//
// As matmul/vector.wgsl, which explains it: a workgroup computes TILE × TILE elements of C, and an
// invocation 8 × 8 of them. Weights become f32 on their way into the tile, so each is converted
// once per workgroup, and the products are those of f32.

import package::half::weights::four_of_w;
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::tiles::{
  DEPTH, TILE, WORKGROUP, add_products, left_tile, place_in_tile, right_tile, sums_from, up_to
};
import package::matmul::blocks::{UNIT, block_of_a};
import package::matmul::product::{block_of, params};
import package::matmul::store::{bias_at, store_block};

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) me: u32,
) {
  let own = block_of(workgroup_index(group, groups), TILE);
  if (own.batch > 0u) { return; }
  let place = place_in_tile(me, true); // of what this invocation loads
  let rows = four_from(own.i + place.x * 4u, params.m) * params.k;
  let a = (params.A_offset + rows + place.y * 4u) / UNIT;
  let columns = four_from(own.j + place.x * 4u, params.n);

  let i = me / (TILE / 8u);
  let j = me % (TILE / 8u);
  let column = own.j + j * 4u;
  var c = sums_from(bias_at(column), bias_at(column + TILE / 2u));
  for (var k = 0u; k < params.k; k += DEPTH) {
    let q = k / 4u + place.y;
    var terms = block_of_a(a, k);
    var weights = transpose(mat4x4f(
      four_of_w(columns.x, q), four_of_w(columns.y, q),
      four_of_w(columns.z, q), four_of_w(columns.w, q),
    ));
    if (k + DEPTH > params.k) { // the last tile asks which of its terms exist
      terms = up_to(params.k, terms, 4u * q);
      weights = up_to(params.k, weights, 4u * q);
    }
    left_tile[place.x].terms[place.y] = terms;
    right_tile[place.x].terms[place.y] = weights;
    workgroupBarrier();
    add_products(&c, i, j);
    workgroupBarrier();
  }
  store_block(&c, own, 0u, i, column);
}
