// Matrix product, a 64 × 64 block of C per workgroup, or 32 × 32 where there would be few
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])     A [m, k]   B [k, n]   C [m, n], row after row
//
// For GPUs, where workgroup memory is ten times closer than the rest. k advances by 16: the workgroup's
// invocations fetch TILE × 16 numbers of A and 16 × TILE of B together, neighbours by
// neighbours, whichever way the matrices lie. Then each computes 4 × 4 elements of C in registers from
// what lies near: every number fetched serves TILE multiply-adds.
//
// Both tiles lie k after k, so that what an invocation reads at one k are neighbours; four numbers between one k and
// the next spread the writes of a transposed tile over the memory's banks. Past an edge tiles hold zeros.

import package::lib::activation::{NONE, activate};
import package::lib::grid::workgroup_index;

const DEPTH = 16u; // of k

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f: see activate
override TILE: u32 = 64; // rows and columns of C: 64 or 32
override WORKGROUP: u32 = 256; // (TILE / 4)², for 4 × 4 elements an invocation

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

var<workgroup> a_tile: array<f32, 1088>; // DEPTH × width, of the larger tile
var<workgroup> b_tile: array<f32, 1088>;

// Four neighbours in a tile.
fn four_of_a(at: u32) -> vec4f { return vec4f(a_tile[at], a_tile[at + 1u], a_tile[at + 2u], a_tile[at + 3u]); }
fn four_of_b(at: u32) -> vec4f { return vec4f(b_tile[at], b_tile[at + 1u], b_tile[at + 2u], b_tile[at + 3u]); }

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) me: u32,
) {
  let tiles_m = (params.m + TILE - 1u) / TILE;
  let tiles_n = (params.n + TILE - 1u) / TILE;
  let tile = workgroup_index(group, groups);
  let batch = tile / (tiles_m * tiles_n);
  if (batch >= params.batches) { return; }
  let top = tile / tiles_n % tiles_m * TILE;
  let left = tile % tiles_n * TILE;

  var a = params.a_offset;
  var b = params.b_offset;
  var rest = batch;
  for (var d = 4u; d > 0u && rest > 0u; d--) {
    let index = rest % params.batch_shape[d - 1u];
    rest /= params.batch_shape[d - 1u];
    a += index * params.a_batch[d - 1u];
    b += index * params.b_batch[d - 1u];
  }
  let width = TILE + 4u; // from one k to the next in a tile
  let together = WORKGROUP / TILE; // ks that all invocations fetch at once where neighbours go across
  // What this invocation fetches: neighbours go along k where that is how the matrix lies, else across.
  let a_along_k = params.a_column == 1u;
  let a_k = select(me / TILE, me % DEPTH, a_along_k);
  let a_i = select(me % TILE, me / DEPTH, a_along_k);
  let a_k_next = select(together, 0u, a_along_k); // from one of its numbers to the next
  let a_i_next = select(0u, WORKGROUP / DEPTH, a_along_k);
  let b_along_k = params.b_row == 1u && params.b_column != 1u;
  let b_k = select(me / TILE, me % DEPTH, b_along_k);
  let b_j = select(me % TILE, me / DEPTH, b_along_k);
  let b_k_next = select(together, 0u, b_along_k);
  let b_j_next = select(0u, WORKGROUP / DEPTH, b_along_k);

  let i = me / (TILE / 4u) * 4u; // in the tile
  let j = me % (TILE / 4u) * 4u;
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  for (var k0 = 0u; k0 < params.k; k0 += DEPTH) {
    for (var q = 0u; q < DEPTH / together; q++) {
      let k_a = a_k + q * a_k_next;
      let row = a_i + q * a_i_next;
      var x = 0.0;
      if (k0 + k_a < params.k && top + row < params.m) {
        x = A[a + (top + row) * params.a_row + (k0 + k_a) * params.a_column];
      }
      a_tile[k_a * width + row] = x;
      let k_b = b_k + q * b_k_next;
      let column = b_j + q * b_j_next;
      var y = 0.0;
      if (k0 + k_b < params.k && left + column < params.n) {
        y = B[b + (k0 + k_b) * params.b_row + (left + column) * params.b_column];
      }
      b_tile[k_b * width + column] = y;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let x = four_of_a(k * width + i);
      let y = four_of_b(k * width + j);
      c0 += x.x * y;
      c1 += x.y * y;
      c2 += x.z * y;
      c3 += x.w * y;
    }
    workgroupBarrier();
  }
  var rows = array(c0, c1, c2, c3);
  for (var r = 0u; r < 4u && top + i + r < params.m; r++) {
    let at = (batch * params.m + top + i + r) * params.n + left + j;
    for (var q = 0u; q < 4u && left + j + q < params.n; q++) {
      var sum = rows[r][q];
      if (BIAS) { sum += bias[params.bias_offset + left + j + q]; }
      C[at + q] = activate(ACTIVATION, sum);
    }
  }
}
