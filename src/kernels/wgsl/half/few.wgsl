// A product of up to four rows with weights in half precision
//
//     C[i,j] = f(Σ_k A[i,k] W[j,k] + bias[j])          A [ROWS, k]   W [n, k]   C [ROWS, n]
//
// With few rows each weight serves few multiply-adds, so reading W is all that counts. Every weight
// is read once, and serves all rows. On a GPU a workgroup computes one column of C: its invocations
// read neighbouring vec2u, and their sums are put together as a tree. On a CPU an invocation
// computes one column. See rowwise.wgsl.

import package::half::weights::{four_of_w, fours};
import package::lib::activation::activate;
import package::lib::products::once4;
import package::lib::rowwise::{WORKGROUP, own_row, stride, summed};
import package::matmul::blocks::{A4, VECTORS, a_at};
import package::matmul::product::params;
import package::matmul::store::{ACTIVATION, BIAS, C, bias};

override ROWS: u32 = 4;

// A[i, 4q..4q+3], zeros past the end of the row: what lies there may be infinite.
fn four_of_a(i: u32, q: u32) -> vec4f {
  let row = params.A_offset + i * params.k;
  if (VECTORS) { return A4[row / 4u + q]; }
  let k = 4u * q + vec4u(0u, 1u, 2u, 3u);
  return select(vec4f(), a_at(row + min(k, vec4u(params.k - 1u))), k < vec4u(params.k));
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = own_row(group, groups, local);
  let j = min(own.x, params.n - 1u); // past the end it is the last one again, and not stored
  var sums: array<vec4f, 4>;
  for (var q = own.y; q < fours(); q += stride()) {
    let w = four_of_w(j, q);
    for (var i = 0u; i < ROWS; i++) { sums[i] += once4(w * four_of_a(i, q)); }
  }
  var b = 0.0;
  if (BIAS) { b = bias[params.bias_offset + j]; }
  for (var i = 0u; i < ROWS; i++) {
    let four = sums[i];
    let sum = summed((four.x + four.y) + (four.z + four.w), own.y);
    if (own.y == 0u && own.x < params.n) { C[i * params.n + j] = activate(ACTIVATION, sum + b); }
  }
}
