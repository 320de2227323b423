// Matrix product, a 32 × 32 block of C per subgroup: for adapters that compute on the CPU
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// There a load costs as much as eight multiply-adds, and workgroup memory is no faster than any
// other. The lanes of one subgroup compute a block together:
//
//     columns   each lane computes 4 neighbours of every 4 · LANES: only it needs its numbers of B
//     rows      all lanes compute all 32 rows, so all need the same numbers of A. Each lane loads
//               some of them, and a broadcast gives them to the others, which costs almost nothing
//
// k advances by 4, and everything is a 4 × 4 matrix in registers. With b = B[k..k+3, j..j+3], a
// column for each k, and a = A[i..i+3, k..k+3], a column for each row, four rows of C grow by
//
//     c += b · a          c[r] = Σ_k b[k] · a[r][k], column r of c being row i + r of C
//
// A and B may each lie along k or across it, so A·Bᵀ and Aᵀ·B need no copies. What is read past an
// edge belongs to rows and columns that are not stored. `main` stores vec4s. `single` stores number
// by number, for sizes and strides that are no multiples of 4, and knows subgroups of 8 alone. They
// are two entries, since one may not have the memory of C under both names.

import package::lib::activation::{NONE, activate4};
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::rows::{Rows, shift_rows};
import package::matmul::lanes::{LANES, add_rows};
import package::matmul::product::{Block, block_of, params, start_of};

enable subgroups;

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;
@group(0) @binding(7) var<storage, read_write> C4: array<vec4f>; // the memory of C, as vec4s

// What the sums of four rows begin with.
fn bias_at(j: u32) -> mat4x4f {
  if (!BIAS) { return mat4x4f(); }
  let at = params.bias_offset + four_from(j, params.n);
  let b = vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
  return mat4x4f(b, b, b, b);
}

// The block of a subgroup: c has columns j to j + 3, and with 4 lanes d has those 16 further on.
fn compute_block(
  own: Block, start: vec3u, j: u32, lane: u32, c: ptr<function, Rows>, d: ptr<function, Rows>,
) {
  let x = bias_at(j);
  let y = bias_at(j + 16u);
  *c = Rows(x, x, x, x, x, x, x, x);
  *d = Rows(y, y, y, y, y, y, y, y);
  add_rows(c, d, start.xy, own.i, j, lane);
}

// Stores four rows of C, the last one first: a row past the edge goes to the last row of C, which
// is then overwritten with its own values.
fn store(start: u32, i: u32, j: u32, c: mat4x4f) {
  if (j >= params.n) { return; }
  let row = params.C_row / 4u;
  let at = (start + j) / 4u;
  let last = params.m - 1u;
  C4[at + min(i + 3u, last) * row] = activate4(ACTIVATION, c[3]);
  C4[at + min(i + 2u, last) * row] = activate4(ACTIVATION, c[2]);
  C4[at + min(i + 1u, last) * row] = activate4(ACTIVATION, c[1]);
  C4[at + i * row] = activate4(ACTIVATION, c[0]);
}

fn store_single(start: u32, i: u32, j: u32, c: mat4x4f) {
  let at = start + j;
  let last = params.m - 1u;
  store_row(at + min(i + 3u, last) * params.C_row, j, c[3]);
  store_row(at + min(i + 2u, last) * params.C_row, j, c[2]);
  store_row(at + min(i + 1u, last) * params.C_row, j, c[1]);
  store_row(at + i * params.C_row, j, c[0]);
}

fn store_row(at: u32, j: u32, v: vec4f) {
  var rest = activate4(ACTIVATION, v);
  for (var q = 0u; q < min(4u, params.n - min(j, params.n)); q++) {
    C[at + q] = rest.x;
    rest = rest.yzww;
  }
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let own = block_of(workgroup_index(group, groups), 32u);
  if (own.batch >= params.batches) { return; }
  let start = start_of(own.batch);
  let j = own.j + lane * 4u;
  var c: Rows;
  var d: Rows;
  compute_block(own, start, j, lane, &c, &d);
  // A loop whose length is not known: a driver that has 32 stores in front of it, written out or
  // unrolled, compiles them for a second.
  for (var row = own.i; row < min(own.i + 32u, params.m); row += 4u) {
    store(start.z, row, j, c[0]);
    shift_rows(&c);
    if (LANES == 4u) {
      store(start.z, row, j + 16u, d[0]);
      shift_rows(&d);
    }
  }
}

@compute @workgroup_size(LANES)
fn single(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let own = block_of(workgroup_index(group, groups), 32u);
  if (own.batch >= params.batches) { return; }
  let start = start_of(own.batch);
  let j = own.j + lane * 4u;
  var c: Rows;
  var d: Rows;
  compute_block(own, start, j, lane, &c, &d);
  for (var row = own.i; row < min(own.i + 32u, params.m); row += 4u) {
    store_single(start.z, row, j, c[0]);
    shift_rows(&c);
  }
}
