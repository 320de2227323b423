// Matrix product, a tile at a time through workgroup memory: the textbook's way
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// One idea more than plain.wgsl: 16 × 16 invocations compute 16 × 16 elements of C together. For 16
// values of k at a time they copy a tile of A and a tile of B into workgroup memory, one element of
// each per invocation, and then read every element 16 times from there. A GPU has that memory close
// to its arithmetic. A CPU has not, and waits at the barriers: there this is slower than
// plain.wgsl.

import package::lib::activation::{NONE, activate};
import package::lib::grid::workgroup_index;
import package::lib::products::times;
import package::matmul::product::{block_of, params, start_of};

const TILE = 16u;

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

var<workgroup> a_tile: array<array<f32, TILE>, TILE>;
var<workgroup> b_tile: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let own = block_of(workgroup_index(group, groups), TILE);
  if (own.batch >= params.batches) { return; }
  let i = own.i + local.y;
  let j = own.j + local.x;
  let start = start_of(own.batch);
  let row = start.x + i * params.A_row;
  let column = start.y + j * params.B_column;
  var sum = 0.0;
  if (BIAS && j < params.n) { sum = bias[params.bias_offset + j]; }
  for (var k0 = 0u; k0 < params.k; k0 += TILE) {
    let a_k = k0 + local.x;
    let b_k = k0 + local.y;
    var a = 0.0;
    var b = 0.0;
    if (i < params.m && a_k < params.k) { a = A[row + a_k * params.A_column]; }
    if (j < params.n && b_k < params.k) { b = B[column + b_k * params.B_row]; }
    a_tile[local.y][local.x] = a;
    b_tile[local.y][local.x] = b;
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) { sum += times(a_tile[local.y][k], b_tile[k][local.x]); }
    workgroupBarrier();
  }
  if (i >= params.m || j >= params.n) { return; }
  C[start.z + i * params.C_row + j] = activate(ACTIVATION, sum);
}
