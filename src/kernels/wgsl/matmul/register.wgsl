// Matrix product, a block of C in the registers of each invocation
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// One idea more than plain.wgsl: an invocation computes 8 rows × 8 columns of C at once. For each k
// it loads 8 numbers of A and 8 of B, and does 64 multiply-adds with them: a load serves four
// multiply-adds, where in plain.wgsl each multiply-add takes two loads. There is no workgroup
// memory and no barrier. On an adapter that computes on the CPU they cost more than they save.
//
// A row or column past the edge is the last one again, and is not stored.

import package::lib::activation::{NONE, activate4};
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::products::times4;
import package::matmul::product::{block_of, params, start_of};

const ROWS = 8u; // of C, per invocation: the accumulators below are written out for 8 × 2 vec4
const COLUMNS = 8u;
const WORKGROUP = 8u; // invocations along a row of C, and along a column

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

fn bias_at(j: vec4u) -> vec4f {
  if (!BIAS) { return vec4f(); }
  let at = params.bias_offset + j;
  return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

@compute @workgroup_size(WORKGROUP, WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let own = block_of(workgroup_index(group, groups), WORKGROUP * ROWS);
  let i = own.i + local.y * ROWS;
  let j = own.j + local.x * COLUMNS;
  if (own.batch >= params.batches || i >= params.m || j >= params.n) { return; }

  let start = start_of(own.batch);
  let upper = start.x + four_from(i, params.m) * params.A_row; // where rows i to i + 3 begin
  let lower = start.x + four_from(i + 4u, params.m) * params.A_row;
  var a0 = upper.x; var a1 = upper.y; var a2 = upper.z; var a3 = upper.w;
  var a4 = lower.x; var a5 = lower.y; var a6 = lower.z; var a7 = lower.w;
  let left = four_from(j, params.n);
  let right = four_from(j + 4u, params.n);
  var b_l = start.y + left * params.B_column;
  var b_r = start.y + right * params.B_column;
  let bias_l = bias_at(left);
  let bias_r = bias_at(right);
  var l0 = bias_l; var r0 = bias_r;
  var l1 = bias_l; var r1 = bias_r;
  var l2 = bias_l; var r2 = bias_r;
  var l3 = bias_l; var r3 = bias_r;
  var l4 = bias_l; var r4 = bias_r;
  var l5 = bias_l; var r5 = bias_r;
  var l6 = bias_l; var r6 = bias_r;
  var l7 = bias_l; var r7 = bias_r;
  for (var k = 0u; k < params.k; k++) {
    let l = vec4f(B[b_l.x], B[b_l.y], B[b_l.z], B[b_l.w]);
    let r = vec4f(B[b_r.x], B[b_r.y], B[b_r.z], B[b_r.w]);
    let x0 = A[a0]; l0 += times4(l, x0); r0 += times4(r, x0); a0 += params.A_column;
    let x1 = A[a1]; l1 += times4(l, x1); r1 += times4(r, x1); a1 += params.A_column;
    let x2 = A[a2]; l2 += times4(l, x2); r2 += times4(r, x2); a2 += params.A_column;
    let x3 = A[a3]; l3 += times4(l, x3); r3 += times4(r, x3); a3 += params.A_column;
    let x4 = A[a4]; l4 += times4(l, x4); r4 += times4(r, x4); a4 += params.A_column;
    let x5 = A[a5]; l5 += times4(l, x5); r5 += times4(r, x5); a5 += params.A_column;
    let x6 = A[a6]; l6 += times4(l, x6); r6 += times4(r, x6); a6 += params.A_column;
    let x7 = A[a7]; l7 += times4(l, x7); r7 += times4(r, x7); a7 += params.A_column;
    b_l += params.B_row;
    b_r += params.B_row;
  }
  // Arrays, in loops whose length is not known: a driver that unrolls 64 stores compiles them for
  // half a second.
  let lows = array(l0, l1, l2, l3, l4, l5, l6, l7);
  let highs = array(r0, r1, r2, r3, r4, r5, r6, r7);
  let c = start.z + i * params.C_row + j;
  for (var row = 0u; row < min(ROWS, params.m - i); row++) {
    let at = c + row * params.C_row;
    let l = activate4(ACTIVATION, lows[row]);
    for (var column = 0u; column < min(4u, params.n - j); column++) { C[at + column] = l[column]; }
    if (params.n - j <= 4u) { continue; }
    let r = activate4(ACTIVATION, highs[row]);
    let rest = min(4u, params.n - j - 4u);
    for (var column = 0u; column < rest; column++) { C[at + 4u + column] = r[column]; }
  }
}
