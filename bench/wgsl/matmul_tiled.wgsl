// Matrix product, tile by tile through workgroup memory
//
//     C[i,j] = Σ_k A[i,k] B[k,j]          A [m, k]   B [k, n]   C [m, n], row after row
//
// The second rung of the ladder, and one idea only: 16 × 16 invocations compute 16 × 16 elements of C.
// For 16 steps of k at a time they copy a tile of A and one of B into workgroup memory, each one
// element of both, and then read every element 16 times from there instead of from far away.
// Where workgroup memory is no nearer than any other, on a CPU, this gains little or loses.

const TILE = 16u;

struct Params {
  m: u32,
  n: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(3) var<storage, read_write> C: array<f32>;

var<workgroup> a_tile: array<array<f32, TILE>, TILE>;
var<workgroup> b_tile: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = id.y;
  let j = id.x;
  var sum = 0.0;
  for (var k = 0u; k < params.k; k += TILE) {
    var a = 0.0;
    var b = 0.0;
    if (i < params.m && k + local.x < params.k) { a = A[i * params.k + k + local.x]; }
    if (j < params.n && k + local.y < params.k) { b = B[(k + local.y) * params.n + j]; }
    a_tile[local.y][local.x] = a;
    b_tile[local.y][local.x] = b;
    workgroupBarrier();
    for (var q = 0u; q < TILE; q++) { sum += a_tile[local.y][q] * b_tile[q][local.x]; }
    workgroupBarrier();
  }
  if (i < params.m && j < params.n) { C[i * params.n + j] = sum; }
}
