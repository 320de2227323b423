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
    B[at / 4u],
    B[(at + apart) / 4u],
    B[(at + 2u * apart) / 4u],
    B[(at + 3u * apart) / 4u],
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

  let c_bias = bias_at(j);
  let d_bias = bias_at(j + 16u);
  var c0 = c_bias; var d0 = d_bias; // rows 0 to 3: the lane's columns, and those 16 further on
  var c1 = c_bias; var d1 = d_bias;
  var c2 = c_bias; var d2 = d_bias;
  var c3 = c_bias; var d3 = d_bias;
  var c4 = c_bias; var d4 = d_bias;
  var c5 = c_bias; var d5 = d_bias;
  var c6 = c_bias; var d6 = d_bias;
  var c7 = c_bias; var d7 = d_bias;
  // All loads of an iteration come before their use: compilers find a better schedule for that.
  for (var k = 0u; k < params.k; k += 4u) {
    if (LANES == 8u) {
      let s0 = piece_of_a(a, lane, k);
      let s1 = piece_of_a(a, 8u + lane, k);
      let s2 = piece_of_a(a, 16u + lane, k);
      let s3 = piece_of_a(a, 24u + lane, k);
      let here = columns(b, k);
      c0 += here * low(s0); c1 += here * high(s0);
      c2 += here * low(s1); c3 += here * high(s1);
      c4 += here * low(s2); c5 += here * high(s2);
      c6 += here * low(s3); c7 += here * high(s3);
    } else {
      let here = columns(b, k);
      let next = columns(b_next, k);
      let s0 = low(piece_of_a(a, 0u + lane, k)); c0 += here * s0; d0 += next * s0;
      let s1 = low(piece_of_a(a, 4u + lane, k)); c1 += here * s1; d1 += next * s1;
      let s2 = low(piece_of_a(a, 8u + lane, k)); c2 += here * s2; d2 += next * s2;
      let s3 = low(piece_of_a(a, 12u + lane, k)); c3 += here * s3; d3 += next * s3;
      let s4 = low(piece_of_a(a, 16u + lane, k)); c4 += here * s4; d4 += next * s4;
      let s5 = low(piece_of_a(a, 20u + lane, k)); c5 += here * s5; d5 += next * s5;
      let s6 = low(piece_of_a(a, 24u + lane, k)); c6 += here * s6; d6 += next * s6;
      let s7 = low(piece_of_a(a, 28u + lane, k)); c7 += here * s7; d7 += next * s7;
    }
  }
  // A loop whose length is not known, with the blocks of four rows shifted along: a driver that has
  // 32 stores in front of it, written out or unrolled, compiles them for a second.
  for (var row = i; row < min(i + 32u, params.m); row += 4u) {
    store(row, j, own.batch, c0);
    c0 = c1; c1 = c2; c2 = c3; c3 = c4; c4 = c5; c5 = c6; c6 = c7;
    if (LANES == 4u) {
      store(row, j + 16u, own.batch, d0);
      d0 = d1; d1 = d2; d2 = d3; d3 = d4; d4 = d5; d5 = d6; d6 = d7;
    }
  }
}
