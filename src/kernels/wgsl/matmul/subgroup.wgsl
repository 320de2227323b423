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
// A and B may each lie along k or across it. A transposition in registers makes up the difference,
// so A·Bᵀ and Aᵀ·B need no copies. Sizes and strides must be multiples of 4. What is read past an
// edge belongs to rows and columns that are not stored.

import package::lib::activation::{NONE, activate4};
import package::lib::broadcast::{high_lanes, low_lanes};
import package::lib::grid::workgroup_index;
import package::lib::rows::{Rows, grown, shift_rows};
import package::matmul::product::{block_of, params, start_of};

enable subgroups;

override LANES: u32 = 8; // of a subgroup: 4 or 8
override A_ALONG_K: bool = true; // A is contiguous along k; else along i
override B_ALONG_K: bool = false; // B is contiguous along k; else along j
override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(1) var<storage, read> A: array<vec4f>;
@group(0) @binding(2) var<storage, read> B: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> C: array<vec4f>;

// One of the 32 vec4s that make up A[i..i+31, k..k+3]: a row of it, or four rows at one k.
fn piece_of_a(a: u32, piece: u32, k: u32) -> vec4f {
  if (A_ALONG_K) { return A[(a + piece * params.A_row + k) / 4u]; }
  return A[(a + piece / 4u * 4u + (k + piece % 4u) * params.A_column) / 4u];
}

// Four pieces as four rows of A, a column for each row.
fn rows(pieces: mat4x4f) -> mat4x4f {
  if (A_ALONG_K) { return pieces; }
  return transpose(pieces);
}

fn low(mine: vec4f) -> mat4x4f { return rows(low_lanes(mine)); }
fn high(mine: vec4f) -> mat4x4f { return rows(high_lanes(mine)); }

// B[k..k+3, j..j+3], a column for each k.
fn columns(b: u32, k: u32) -> mat4x4f {
  if (B_ALONG_K) { return transpose(four_vectors(b + k, params.B_column)); }
  return four_vectors(b + k * params.B_row, params.B_row);
}

fn four_vectors(at: u32, apart: u32) -> mat4x4f {
  return mat4x4f(
    B[at / 4u], B[(at + apart) / 4u], B[(at + 2u * apart) / 4u], B[(at + 3u * apart) / 4u],
  );
}

// What the sums of four rows begin with.
fn bias_at(j: u32) -> mat4x4f {
  if (!BIAS) { return mat4x4f(); }
  let b = bias[(params.bias_offset + j) / 4u];
  return mat4x4f(b, b, b, b);
}

// Stores four rows of C, the last one first: a row past the edge goes to the last row of C, which
// is then overwritten with its own values.
fn store(i: u32, j: u32, batch: u32, c: mat4x4f) {
  if (j >= params.n) { return; }
  let row = params.n / 4u;
  let at = batch * params.m * row + j / 4u;
  let last = params.m - 1u;
  C[at + min(i + 3u, last) * row] = activate4(ACTIVATION, c[3]);
  C[at + min(i + 2u, last) * row] = activate4(ACTIVATION, c[2]);
  C[at + min(i + 1u, last) * row] = activate4(ACTIVATION, c[1]);
  C[at + i * row] = activate4(ACTIVATION, c[0]);
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let own = block_of(workgroup_index(group, groups), 32u);
  if (own.batch >= params.batches) { return; }
  let i = own.i;
  let j = own.j + lane * 4u;
  let start = start_of(own.batch);
  let a = start.x + i * params.A_row;
  let b = start.y + j * params.B_column;
  let b_next = b + 16u * params.B_column; // with 4 lanes a lane has 4 columns in each half

  let x = bias_at(j);
  let y = bias_at(j + 16u);
  var c = Rows(x, x, x, x, x, x, x, x);
  var d = Rows(y, y, y, y, y, y, y, y); // with 4 lanes: the columns 16 further on
  // All loads of an iteration come before their use: compilers find a better schedule for that.
  for (var k = 0u; k < params.k; k += 4u) {
    if (LANES == 8u) {
      let s0 = piece_of_a(a, lane, k);
      let s1 = piece_of_a(a, 8u + lane, k);
      let s2 = piece_of_a(a, 16u + lane, k);
      let s3 = piece_of_a(a, 24u + lane, k);
      let here = columns(b, k);
      c[0] = grown(c[0], here, low(s0)); c[1] = grown(c[1], here, high(s0));
      c[2] = grown(c[2], here, low(s1)); c[3] = grown(c[3], here, high(s1));
      c[4] = grown(c[4], here, low(s2)); c[5] = grown(c[5], here, high(s2));
      c[6] = grown(c[6], here, low(s3)); c[7] = grown(c[7], here, high(s3));
    } else {
      let here = columns(b, k);
      let next = columns(b_next, k);
      let s0 = low(piece_of_a(a, 0u + lane, k));
      c[0] = grown(c[0], here, s0); d[0] = grown(d[0], next, s0);
      let s1 = low(piece_of_a(a, 4u + lane, k));
      c[1] = grown(c[1], here, s1); d[1] = grown(d[1], next, s1);
      let s2 = low(piece_of_a(a, 8u + lane, k));
      c[2] = grown(c[2], here, s2); d[2] = grown(d[2], next, s2);
      let s3 = low(piece_of_a(a, 12u + lane, k));
      c[3] = grown(c[3], here, s3); d[3] = grown(d[3], next, s3);
      let s4 = low(piece_of_a(a, 16u + lane, k));
      c[4] = grown(c[4], here, s4); d[4] = grown(d[4], next, s4);
      let s5 = low(piece_of_a(a, 20u + lane, k));
      c[5] = grown(c[5], here, s5); d[5] = grown(d[5], next, s5);
      let s6 = low(piece_of_a(a, 24u + lane, k));
      c[6] = grown(c[6], here, s6); d[6] = grown(d[6], next, s6);
      let s7 = low(piece_of_a(a, 28u + lane, k));
      c[7] = grown(c[7], here, s7); d[7] = grown(d[7], next, s7);
    }
  }
  // A loop whose length is not known: a driver that has 32 stores in front of it, written out or
  // unrolled, compiles them for a second.
  for (var row = i; row < min(i + 32u, params.m); row += 4u) {
    store(row, j, own.batch, c[0]);
    shift_rows(&c);
    if (LANES == 4u) {
      store(row, j + 16u, own.batch, d[0]);
      shift_rows(&d);
    }
  }
}
