// Matrix product, the plain way
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n], row after row
//
// A and B are read through strides, so a transposed matrix is read where it lies, and a batch that
// is broadcast has stride 0. One invocation computes one element of C: easy to believe, and slow:
// the first rung, which matmul_register.wgsl and matmul_subgroup.wgsl improve upon.

import package::lib::activation::{NONE, activate};
import package::lib::grid::workgroup_index;

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f: see activate
override WORKGROUP: u32 = 8;

struct Params {
  m: u32,
  n: u32,
  k: u32,
  batches: u32,
  batch_shape: vec4u, // outermost first
  a_batch: vec4u, // strides, in elements
  b_batch: vec4u,
  a_offset: u32,
  a_row: u32,
  a_column: u32,
  b_offset: u32,
  b_row: u32,
  b_column: u32,
  bias_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
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
  let tiles_m = (params.m + WORKGROUP - 1u) / WORKGROUP;
  let tiles_n = (params.n + WORKGROUP - 1u) / WORKGROUP;
  let tile = workgroup_index(group, groups);
  let batch = tile / (tiles_m * tiles_n);
  let i = tile / tiles_n % tiles_m * WORKGROUP + local.y;
  let j = tile % tiles_n * WORKGROUP + local.x;
  if (batch >= params.batches || i >= params.m || j >= params.n) { return; }

  var a = params.a_offset + i * params.a_row;
  var b = params.b_offset + j * params.b_column;
  var rest = batch;
  for (var d = 4u; d > 0u; d--) {
    let index = rest % params.batch_shape[d - 1u];
    rest /= params.batch_shape[d - 1u];
    a += index * params.a_batch[d - 1u];
    b += index * params.b_batch[d - 1u];
  }
  var sum = 0.0;
  if (BIAS) { sum = bias[params.bias_offset + j]; }
  for (var k = 0u; k < params.k; k++) {
    sum += A[a + k * params.a_column] * B[b + k * params.b_row];
  }
  C[(batch * params.m + i) * params.n + j] = activate(ACTIVATION, sum);
}
