// Matrix product, a block of C per invocation
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n], row after row
//
// The plain kernel loads two numbers for every multiply-add. Here an invocation owns 8 rows × 8
// columns of C in registers: per k it loads 8 numbers of A and 8 of B and does 64 multiply-adds
// with them, so it loads an eighth as much. No workgroup memory and no barrier, which cost more
// than they save where "workgroup memory" is ordinary memory (adapters that compute on the CPU).
//
// A and B are read through strides, so A·Bᵀ and Aᵀ·B need no transposed copies. A row or column past
// the edge reads the last one instead, and is not stored.

import package::lib::activation::{NONE, activate4};
import package::lib::grid::workgroup_index;

const ROWS = 8u; // of C, per invocation: the accumulators below are written out for 8 × 2 vec4
const COLUMNS = 8u;

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f: see activate
override WORKGROUP: u32 = 8; // invocations along n; as many along m

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

// bias[j..j+3], of which none is read past the end.
fn biases(j: u32) -> vec4f {
  if (!BIAS) { return vec4f(); }
  let at = params.bias_offset + min(vec4u(j, j + 1u, j + 2u, j + 3u), vec4u(params.n - 1u));
  return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

@compute @workgroup_size(WORKGROUP, WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let tiles_m = (params.m + WORKGROUP * ROWS - 1u) / (WORKGROUP * ROWS);
  let tiles_n = (params.n + WORKGROUP * COLUMNS - 1u) / (WORKGROUP * COLUMNS);
  let tile = workgroup_index(group, groups);
  let batch = tile / (tiles_m * tiles_n);
  let i = (tile / tiles_n % tiles_m * WORKGROUP + local.y) * ROWS;
  let j = (tile % tiles_n * WORKGROUP + local.x) * COLUMNS;
  if (batch >= params.batches || i >= params.m || j >= params.n) { return; }

  var a = params.a_offset;
  var b = params.b_offset;
  var rest = batch;
  for (var d = 4u; d > 0u; d--) {
    let index = rest % params.batch_shape[d - 1u];
    rest /= params.batch_shape[d - 1u];
    a += index * params.a_batch[d - 1u];
    b += index * params.b_batch[d - 1u];
  }
  let bottom = params.m - 1u;
  var a0 = a + min(i + 0u, bottom) * params.a_row;
  var a1 = a + min(i + 1u, bottom) * params.a_row;
  var a2 = a + min(i + 2u, bottom) * params.a_row;
  var a3 = a + min(i + 3u, bottom) * params.a_row;
  var a4 = a + min(i + 4u, bottom) * params.a_row;
  var a5 = a + min(i + 5u, bottom) * params.a_row;
  var a6 = a + min(i + 6u, bottom) * params.a_row;
  var a7 = a + min(i + 7u, bottom) * params.a_row;
  let right = params.n - 1u;
  var b_l = b + vec4u(min(j, right), min(j + 1u, right), min(j + 2u, right), min(j + 3u, right)) * params.b_column;
  var b_r = b + vec4u(min(j + 4u, right), min(j + 5u, right), min(j + 6u, right), min(j + 7u, right)) * params.b_column;
  let low = biases(j);
  let high = biases(j + 4u);
  var l0 = low; var r0 = high;
  var l1 = low; var r1 = high;
  var l2 = low; var r2 = high;
  var l3 = low; var r3 = high;
  var l4 = low; var r4 = high;
  var l5 = low; var r5 = high;
  var l6 = low; var r6 = high;
  var l7 = low; var r7 = high;
  for (var k = 0u; k < params.k; k++) {
    let l = vec4f(B[b_l.x], B[b_l.y], B[b_l.z], B[b_l.w]);
    let r = vec4f(B[b_r.x], B[b_r.y], B[b_r.z], B[b_r.w]);
    let x0 = A[a0]; l0 += x0 * l; r0 += x0 * r; a0 += params.a_column;
    let x1 = A[a1]; l1 += x1 * l; r1 += x1 * r; a1 += params.a_column;
    let x2 = A[a2]; l2 += x2 * l; r2 += x2 * r; a2 += params.a_column;
    let x3 = A[a3]; l3 += x3 * l; r3 += x3 * r; a3 += params.a_column;
    let x4 = A[a4]; l4 += x4 * l; r4 += x4 * r; a4 += params.a_column;
    let x5 = A[a5]; l5 += x5 * l; r5 += x5 * r; a5 += params.a_column;
    let x6 = A[a6]; l6 += x6 * l; r6 += x6 * r; a6 += params.a_column;
    let x7 = A[a7]; l7 += x7 * l; r7 += x7 * r; a7 += params.a_column;
    b_l += params.b_row;
    b_r += params.b_row;
  }
  // as arrays and in loops of no fixed length: a driver that unrolls 64 stores compiles them for half a second
  let lows = array(l0, l1, l2, l3, l4, l5, l6, l7);
  let highs = array(r0, r1, r2, r3, r4, r5, r6, r7);
  let c = (batch * params.m + i) * params.n + j;
  for (var row = 0u; row < min(ROWS, params.m - i); row++) {
    let at = c + row * params.n;
    let l = activate4(ACTIVATION, lows[row]);
    for (var column = 0u; column < min(4u, params.n - j); column++) { C[at + column] = l[column]; }
    if (params.n - j <= 4u) { continue; }
    let r = activate4(ACTIVATION, highs[row]);
    for (var column = 0u; column < min(4u, params.n - j - 4u); column++) { C[at + 4u + column] = r[column]; }
  }
}
