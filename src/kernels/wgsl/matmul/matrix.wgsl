// Matrix product on matrix units, which multiply small matrices at once
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])          A [m, k]   B [k, n]   C [m, n]
//
// The lanes of a subgroup hold such a small matrix together (lib/unit.wgsl); only the unit knows
// which lane has which number. A workgroup of four subgroups computes 64 × 64 elements of C, each
// subgroup a quarter of them. Numbers are rounded to the type of the unit's factors on their way
// into workgroup memory; sums are f32.

import package::lib::activation::{NONE, activate};
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;
import package::lib::tiles::up_to;
import package::lib::unit::{Factor, Left, Result, Right, UNIT_DEPTH, UNIT_K, UNIT_M, UNIT_N};
import package::matmul::blocks::{A_ALONG_K, B_ALONG_K, UNIT, block_of_a, block_of_b};
import package::matmul::product::{block_of, params, start_of};

enable chromium_experimental_subgroup_matrix;
enable f16;
enable subgroups;
enable subgroup_size_control;

// What is uniform in a subgroup the language does not see: here the number of the subgroup.
diagnostic(off, chromium.subgroup_matrix_uniformity);

override LANES: u32 = 32; // of a subgroup
override WORKGROUP: u32 = 128; // four subgroups, or more where sizes of subgroups vary
override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

const TILE = 64u; // rows and columns of C per workgroup
const HALF = 32u; // rows and columns of C per subgroup
const DOWN = HALF / UNIT_M; // matrices of a quarter
const ACROSS = HALF / UNIT_N;

// Rows of a tile lie along k. They have 16 bytes more, so that they begin in different banks.
const ROW = UNIT_DEPTH + 8u;

// An invocation loads 4 × 4 numbers of A: invocation me the four rows me / A_DOWN % 16, and the
// four terms me / A_ALONG % (UNIT_DEPTH / 4). So neighbours load what lies side by side. The same
// for B. If there are more than 4 · UNIT_DEPTH invocations, the others load nothing.
override A_DOWN: u32 = select(1u, UNIT_DEPTH / 4u, A_ALONG_K);
override A_ALONG: u32 = select(16u, 1u, A_ALONG_K);
override B_DOWN: u32 = select(1u, UNIT_DEPTH / 4u, B_ALONG_K);
override B_ALONG: u32 = select(16u, 1u, B_ALONG_K);

@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

var<workgroup> left: array<array<Factor, HALF * ROW>, 2>; // the tile of A, [half][i][k]
var<workgroup> right: array<array<Factor, HALF * ROW>, 2>; // the tile of B, [half][j][k]
var<workgroup> sums: array<f32, 4u * UNIT_M * UNIT_N>; // a matrix of each subgroup

@compute @workgroup_size(WORKGROUP) @subgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) me: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let own = block_of(workgroup_index(group, groups), TILE);
  if (own.batch >= params.batches) { return; }
  let start = start_of(own.batch);
  let loads = WORKGROUP == UNIT_DEPTH * 4u || me < UNIT_DEPTH * 4u;
  let a_i = me / A_DOWN % 16u;
  let a_k = me / A_ALONG % (UNIT_DEPTH / 4u);
  let b_j = me / B_DOWN % 16u;
  let b_k = me / B_ALONG % (UNIT_DEPTH / 4u);
  let rows = four_from(own.i + a_i * 4u, params.m) * params.A_row;
  let columns = four_from(own.j + b_j * 4u, params.n) * params.B_column;
  let a = (start.x + rows + a_k * 4u * params.A_column) / UNIT;
  let b = (start.y + columns + b_k * 4u * params.B_row) / UNIT;
  // where its numbers belong in a half of the tile
  let to_a = a_i % 8u * 4u * ROW + a_k * 4u;
  let to_b = b_j % 8u * 4u * ROW + b_k * 4u;

  let works = subgroup < 4u; // more are idle
  let down = subgroup / 2u % 2u;
  let across = subgroup % 2u;
  var c: array<Result, DOWN * ACROSS>;
  for (var k = 0u; k < params.k; k += UNIT_DEPTH) {
    if (loads) {
      var terms = block_of_a(a, k);
      var factors = block_of_b(b, k);
      if (k + UNIT_DEPTH > params.k) { // the last tile asks which of its terms exist
        terms = up_to(params.k, terms, k + a_k * 4u);
        factors = up_to(params.k, factors, k + b_k * 4u);
      }
      for (var r = 0u; r < 4u; r++) {
        for (var q = 0u; q < 4u; q++) {
          left[a_i / 8u][to_a + r * ROW + q] = Factor(terms[q][r]);
          right[b_j / 8u][to_b + r * ROW + q] = Factor(factors[q][r]);
        }
      }
    }
    workgroupBarrier();
    if (works) {
      for (var t = 0u; t < UNIT_DEPTH; t += UNIT_K) {
        var l: array<Left, DOWN>;
        for (var u = 0u; u < DOWN; u++) {
          l[u] = subgroupMatrixLoad<Left, row_major>(&left[down], u * UNIT_M * ROW + t, ROW);
        }
        for (var v = 0u; v < ACROSS; v++) {
          let r = subgroupMatrixLoad<Right, col_major>(&right[across], v * UNIT_N * ROW + t, ROW);
          for (var u = 0u; u < DOWN; u++) {
            let q = u * ACROSS + v;
            c[q] = subgroupMatrixMultiplyAccumulate(l[u], r, c[q]);
          }
        }
      }
    }
    workgroupBarrier();
  }
  let mine = subgroup * UNIT_M * UNIT_N;
  for (var u = 0u; u < DOWN; u++) {
    for (var v = 0u; v < ACROSS; v++) {
      if (works) { subgroupMatrixStore<row_major>(&sums, mine, c[u * ACROSS + v], UNIT_N); }
      workgroupBarrier();
      if (works) {
        for (var q = lane; q < UNIT_M * UNIT_N; q += lanes) {
          let row = own.i + down * HALF + u * UNIT_M + q / UNIT_N;
          let column = own.j + across * HALF + v * UNIT_N + q % UNIT_N;
          if (row < params.m && column < params.n) {
            store(start.z + row * params.C_row, column, sums[mine + q]);
          }
        }
      }
      workgroupBarrier();
    }
  }
}

fn store(row: u32, j: u32, sum: f32) {
  var c = sum;
  if (BIAS) { c += bias[params.bias_offset + j]; }
  C[row + j] = activate(ACTIVATION, c);
}
