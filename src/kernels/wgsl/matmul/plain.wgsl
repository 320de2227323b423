// Matrix product, the plain way: one invocation per element of C
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// The equation as it stands, and the reference for the other kernels. It loads two numbers per
// multiply-add, and every number of A and B again and again: n times, or m times. Each of the other
// kernels in this folder loads less.

import package::lib::activation::{NONE, activate};
import package::lib::grid::workgroup_index;
import package::lib::products::times;
import package::matmul::product::{block_of, params, start_of};

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f
override WORKGROUP: u32 = 8; // invocations along a row, and along a column

@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

@compute @workgroup_size(WORKGROUP, WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let own = block_of(workgroup_index(group, groups), WORKGROUP);
  let i = own.i + local.y;
  let j = own.j + local.x;
  if (own.batch >= params.batches || i >= params.m || j >= params.n) { return; }

  let start = start_of(own.batch);
  let row = start.x + i * params.A_row;
  let column = start.y + j * params.B_column;
  var sum = 0.0;
  if (BIAS) { sum = bias[params.bias_offset + j]; }
  for (var k = 0u; k < params.k; k++) {
    sum += times(A[row + k * params.A_column], B[column + k * params.B_row]);
  }
  C[start.z + i * params.C_row + j] = activate(ACTIVATION, sum);
}
