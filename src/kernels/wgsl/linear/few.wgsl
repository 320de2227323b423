// A fully connected layer for up to four rows: for programs that ask for one image at a time
//
//     C[i,j] = f(Σ_k A[i,k] B[j,k] + bias[j])          A [ROWS, k]   B [n, k]   C [ROWS, n]
//
// With few rows each weight serves few multiply-adds, so reading B is all that counts. Every weight
// is read once, and serves all rows. On a GPU a workgroup computes one column of C: its invocations
// read neighbouring vec4s, and their sums are put together as a tree. On a CPU an invocation
// computes one column, and adds term by term, as all products there do. See rowwise.wgsl.
//
// With HALF the weights are packed halves: see half/weights.wgsl.

import package::half::weights::{four_of_w, fours};
import package::lib::activation::{NONE, activate};
import package::lib::products::once4;
import package::lib::rowwise::{WORKGROUP, own_row, stride, summed};
import package::matmul::blocks::{A4, B4, VECTORS, a_at, b_at};
import package::matmul::product::params;

override ROWS: u32 = 4;
override HALF: bool = false;
override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

// A[i, 4q..4q+3], zeros past the end of the row: what lies there may be infinite.
fn four_of_a(i: u32, q: u32) -> vec4f {
  let row = params.A_offset + i * params.k;
  if (VECTORS) { return A4[row / 4u + q]; }
  let k = places(q);
  return select(vec4f(), a_at(row + min(k, vec4u(params.k - 1u))), k < vec4u(params.k));
}

fn four_of_b(j: u32, q: u32) -> vec4f {
  if (HALF) { return four_of_w(j, q); }
  let row = params.B_offset + j * params.k;
  if (VECTORS) { return B4[row / 4u + q]; }
  let k = places(q);
  return select(vec4f(), b_at(row + min(k, vec4u(params.k - 1u))), k < vec4u(params.k));
}

fn places(q: u32) -> vec4u { return 4u * q + vec4u(0u, 1u, 2u, 3u); }

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = own_row(group, groups, local);
  let j = min(own.x, params.n - 1u); // past the end it is the last one again, and not stored
  var sums: array<f32, 4>;
  if (BIAS && own.y == 0u) {
    let b = bias[params.bias_offset + j];
    sums = array<f32, 4>(b, b, b, b);
  }
  for (var q = own.y; q < fours(); q += stride()) {
    let w = four_of_b(j, q);
    for (var i = 0u; i < ROWS; i++) {
      let terms = once4(w * four_of_a(i, q));
      sums[i] += terms.x;
      sums[i] += terms.y;
      sums[i] += terms.z;
      sums[i] += terms.w;
    }
  }
  for (var i = 0u; i < ROWS; i++) {
    let sum = summed(sums[i], own.y);
    if (own.y == 0u && own.x < params.n) { C[i * params.n + j] = activate(ACTIVATION, sum); }
  }
}
