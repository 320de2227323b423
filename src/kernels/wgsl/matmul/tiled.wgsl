// Matrix product, tiles in workgroup memory and blocks in registers: for GPUs
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// textbook.wgsl and register.wgsl in one. A workgroup computes TILE × TILE elements of C, and k
// advances by 16. Its invocations load TILE × 16 numbers of A and 16 × TILE of B into workgroup
// memory together. Then each computes 4 × 4 elements of C in registers from what lies there. A
// number loaded from far away serves TILE multiply-adds, and one from workgroup memory serves two.
//
// Neighbouring invocations load neighbouring numbers, whichever way the matrices lie. Both tiles
// are stored k after k, so that an invocation reads neighbours. The rows of a tile are four numbers
// longer than needed: a transposed tile is then written to different banks of the memory. Past an
// edge tiles hold zeros.

import package::lib::activation::{NONE, activate};
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::products::times4;
import package::matmul::product::{block_of, params, start_of};

const DEPTH = 16u; // of k

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f
override TILE: u32 = 64; // rows and columns of C: 64, or 32 where there would be few blocks
override WORKGROUP: u32 = 256; // (TILE / 4)², for 4 × 4 elements per invocation

@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

var<workgroup> a_tile: array<f32, 1088>; // DEPTH × (64 + 4)
var<workgroup> b_tile: array<f32, 1088>;

// Four neighbours in a tile.
fn four_of_a(at: u32) -> vec4f {
  return vec4f(a_tile[at], a_tile[at + 1u], a_tile[at + 2u], a_tile[at + 3u]);
}
fn four_of_b(at: u32) -> vec4f {
  return vec4f(b_tile[at], b_tile[at + 1u], b_tile[at + 2u], b_tile[at + 3u]);
}

// What the sums of four columns begin with.
fn bias_at(j: u32) -> vec4f {
  if (!BIAS) { return vec4f(); }
  let at = params.bias_offset + four_from(min(j, params.n - 1u), params.n);
  return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) me: u32,
) {
  let own = block_of(workgroup_index(group, groups), TILE);
  if (own.batch >= params.batches) { return; }
  let start = start_of(own.batch);
  let top = own.i;
  let left = own.j;

  let width = TILE + 4u; // from one k to the next in a tile
  let together = WORKGROUP / TILE; // values of k that are loaded at once where neighbours go across
  // What this invocation loads. Neighbours go along k where the matrix lies so, else across.
  let a_along_k = params.A_column == 1u;
  let a_k = select(me / TILE, me % DEPTH, a_along_k);
  let a_i = select(me % TILE, me / DEPTH, a_along_k);
  let a_k_next = select(together, 0u, a_along_k); // from one of its numbers to the next
  let a_i_next = select(0u, WORKGROUP / DEPTH, a_along_k);
  let b_along_k = params.B_row == 1u && params.B_column != 1u;
  let b_k = select(me / TILE, me % DEPTH, b_along_k);
  let b_j = select(me % TILE, me / DEPTH, b_along_k);
  let b_k_next = select(together, 0u, b_along_k);
  let b_j_next = select(0u, WORKGROUP / DEPTH, b_along_k);

  let i = me / (TILE / 4u) * 4u; // in the block
  let j = me % (TILE / 4u) * 4u;
  var c0 = bias_at(left + j);
  var c1 = c0; var c2 = c0; var c3 = c0;
  for (var k0 = 0u; k0 < params.k; k0 += DEPTH) {
    for (var q = 0u; q < DEPTH / together; q++) {
      let k_a = a_k + q * a_k_next;
      let row = a_i + q * a_i_next;
      var x = 0.0;
      if (k0 + k_a < params.k && top + row < params.m) {
        x = A[start.x + (top + row) * params.A_row + (k0 + k_a) * params.A_column];
      }
      a_tile[k_a * width + row] = x;
      let k_b = b_k + q * b_k_next;
      let column = b_j + q * b_j_next;
      var y = 0.0;
      if (k0 + k_b < params.k && left + column < params.n) {
        y = B[start.y + (k0 + k_b) * params.B_row + (left + column) * params.B_column];
      }
      b_tile[k_b * width + column] = y;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let x = four_of_a(k * width + i);
      let y = four_of_b(k * width + j);
      c0 += times4(y, x.x);
      c1 += times4(y, x.y);
      c2 += times4(y, x.z);
      c3 += times4(y, x.w);
    }
    workgroupBarrier();
  }
  var rows = array(c0, c1, c2, c3);
  for (var r = 0u; r < 4u && top + i + r < params.m; r++) {
    let at = start.z + (top + i + r) * params.C_row + left + j;
    for (var q = 0u; q < 4u && left + j + q < params.n; q++) {
      C[at + q] = activate(ACTIVATION, rows[r][q]);
    }
  }
}
