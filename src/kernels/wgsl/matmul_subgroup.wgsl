// Matrix product, a 32 × 32 block of C per subgroup
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n], row after row
//
// For adapters that compute on the CPU, where a load costs as much as eight multiply-adds and
// workgroup memory is no faster than any other. The lanes of one subgroup share the block:
//
//     columns   each lane owns 4 neighbours of every 4·LANES, so what it loads of B is its alone
//     rows      all lanes own all 32, so what is loaded of A serves everyone: each lane loads its
//               share once and hands it round by broadcast, which is almost free here
//
// k advances by 4, and everything is a 4 × 4 matrix in registers. With b = B[k..k+3, j..j+3], a column
// for each k, and a = A[i..i+3, k..k+3], a column for each row, four rows of C gain
//
//     c += b · a          c[r] = Σ_k b[k] · a[r][k], column r of c being row i + r of C
//
// Either operand may lie along k or across it; a transposition in registers makes up the difference,
// so A·Bᵀ and Aᵀ·B need no copies. Sizes and strides must suit vec4 loads: see gemm.ts. What is read
// past an edge falls into rows and columns that are not stored.

import package::lib::activation::{NONE, activate4};
import package::lib::grid::workgroup_index;

enable subgroups;

override LANES: u32 = 8; // of a subgroup: 4 or 8
override A_ALONG_K: bool = true; // k runs through A's memory without gaps; else i does
override B_ALONG_K: bool = false; // k runs through B's memory without gaps; else j does
override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f: see activate

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
@group(0) @binding(1) var<storage, read> A: array<vec4f>;
@group(0) @binding(2) var<storage, read> B: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> C: array<vec4f>;

// One of the 32 vec4s that make up A[i..i+31, k..k+3]: a row of it, or four rows at one k.
fn share(a: u32, piece: u32, k: u32) -> vec4f {
  if (A_ALONG_K) { return A[(a + piece * params.a_row + k) / 4u]; }
  return A[(a + piece / 4u * 4u + (k + piece % 4u) * params.a_column) / 4u];
}

// B[k..k+3, j..j+3], a column for each k.
fn columns(b: u32, k: u32) -> mat4x4f {
  if (B_ALONG_K) {
    let at = b + k;
    return transpose(mat4x4f(
      B[at / 4u],
      B[(at + params.b_column) / 4u],
      B[(at + 2u * params.b_column) / 4u],
      B[(at + 3u * params.b_column) / 4u],
    ));
  }
  let at = b + k * params.b_row;
  return mat4x4f(
    B[at / 4u],
    B[(at + params.b_row) / 4u],
    B[(at + 2u * params.b_row) / 4u],
    B[(at + 3u * params.b_row) / 4u],
  );
}

// Four shares handed round: four rows of A, a column for each row.
fn rows(p: mat4x4f) -> mat4x4f {
  if (A_ALONG_K) { return p; }
  return transpose(p);
}

fn low(mine: vec4f) -> mat4x4f {
  return rows(mat4x4f(
    subgroupBroadcast(mine, 0u), subgroupBroadcast(mine, 1u),
    subgroupBroadcast(mine, 2u), subgroupBroadcast(mine, 3u),
  ));
}

fn high(mine: vec4f) -> mat4x4f {
  return rows(mat4x4f(
    subgroupBroadcast(mine, 4u), subgroupBroadcast(mine, 5u),
    subgroupBroadcast(mine, 6u), subgroupBroadcast(mine, 7u),
  ));
}

// What a block of four rows begins with.
fn bias_at(j: u32) -> mat4x4f {
  if (!BIAS) { return mat4x4f(); }
  let b = bias[(params.bias_offset + j) / 4u];
  return mat4x4f(b, b, b, b);
}

// Four rows of C, the last of which comes first: rows past the edge are stored there, and written over.
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
  let tiles_m = (params.m + 31u) / 32u;
  let tiles_n = (params.n + 31u) / 32u;
  let tile = workgroup_index(group, groups);
  let batch = tile / (tiles_m * tiles_n);
  if (batch >= params.batches) { return; }
  let i = tile / tiles_n % tiles_m * 32u;
  let j = tile % tiles_n * 32u + lane * 4u;

  var a = params.a_offset + i * params.a_row;
  var b = params.b_offset + j * params.b_column;
  var rest = batch;
  for (var d = 4u; d > 0u; d--) {
    let index = rest % params.batch_shape[d - 1u];
    rest /= params.batch_shape[d - 1u];
    a += index * params.a_batch[d - 1u];
    b += index * params.b_batch[d - 1u];
  }
  let b_next = b + 16u * params.b_column; // with 4 lanes a lane owns 4 columns of each half

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
  // all that a turn needs is loaded before any of it is used: compilers find the better schedule for it
  for (var k = 0u; k < params.k; k += 4u) {
    if (LANES == 8u) {
      let s0 = share(a, lane, k);
      let s1 = share(a, 8u + lane, k);
      let s2 = share(a, 16u + lane, k);
      let s3 = share(a, 24u + lane, k);
      let here = columns(b, k);
      c0 += here * low(s0); c1 += here * high(s0);
      c2 += here * low(s1); c3 += here * high(s1);
      c4 += here * low(s2); c5 += here * high(s2);
      c6 += here * low(s3); c7 += here * high(s3);
    } else {
      let here = columns(b, k);
      let next = columns(b_next, k);
      let s0 = low(share(a, 0u + lane, k)); c0 += here * s0; d0 += next * s0;
      let s1 = low(share(a, 4u + lane, k)); c1 += here * s1; d1 += next * s1;
      let s2 = low(share(a, 8u + lane, k)); c2 += here * s2; d2 += next * s2;
      let s3 = low(share(a, 12u + lane, k)); c3 += here * s3; d3 += next * s3;
      let s4 = low(share(a, 16u + lane, k)); c4 += here * s4; d4 += next * s4;
      let s5 = low(share(a, 20u + lane, k)); c5 += here * s5; d5 += next * s5;
      let s6 = low(share(a, 24u + lane, k)); c6 += here * s6; d6 += next * s6;
      let s7 = low(share(a, 28u + lane, k)); c7 += here * s7; d7 += next * s7;
    }
  }
  // in a loop of no fixed length, the blocks of four rows shifted along: a driver that has 32 stores
  // before it, written out or unrolled, compiles them for a second
  for (var row = i; row < min(i + 32u, params.m); row += 4u) {
    store(row, j, batch, c0);
    c0 = c1; c1 = c2; c2 = c3; c3 = c4; c4 = c5; c5 = c6; c6 = c7;
    if (LANES == 4u) {
      store(row, j + 16u, batch, d0);
      d0 = d1; d1 = d2; d2 = d3; d3 = d4; d4 = d5; d5 = d6; d6 = d7;
    }
  }
}
