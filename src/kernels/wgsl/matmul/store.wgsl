// Blocks of 8 × 8 elements of C per invocation: what their sums begin with, and how they are stored
//
// An invocation has rows of two times four columns, half a tile apart, as lib/tiles.wgsl computes
// them. A row or column past the edge is not stored.

import package::lib::activation::{NONE, activate4};
import package::lib::four::four_from;
import package::lib::tiles::{Sums, TILE};
import package::matmul::blocks::VECTORS;
import package::matmul::product::{Block, params};

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f

@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> C: array<f32>;

// What the sums of four columns begin with.
fn bias_at(j: u32) -> vec4f {
  if (!BIAS) { return vec4f(); }
  let at = params.bias_offset + four_from(min(j, params.n - 1u), params.n);
  return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

// Stores the sums of an invocation whose rows begin with row 4i of the block. `start`: of C.
fn store_block(c: ptr<function, Sums>, own: Block, start: u32, i: u32, column: u32) {
  // A loop whose length is not known: a driver that has 64 stores in front of it, written out or
  // unrolled, compiles them for seconds.
  let end = min(own.i + TILE, params.m);
  for (var row = own.i + i * 4u; row < end; row += TILE / 2u) {
    store(start, row, column, (*c)[0], (*c)[1]);
    store(start, row + 1u, column, (*c)[2], (*c)[3]);
    store(start, row + 2u, column, (*c)[4], (*c)[5]);
    store(start, row + 3u, column, (*c)[6], (*c)[7]);
    (*c)[0] = (*c)[8]; (*c)[1] = (*c)[9]; (*c)[2] = (*c)[10]; (*c)[3] = (*c)[11];
    (*c)[4] = (*c)[12]; (*c)[5] = (*c)[13]; (*c)[6] = (*c)[14]; (*c)[7] = (*c)[15];
  }
}

fn store(start: u32, i: u32, j: u32, l: vec4f, r: vec4f) {
  if (i >= params.m) { return; }
  let row = start + i * params.C_row;
  store_four(row, j, activate4(ACTIVATION, l));
  store_four(row, j + TILE / 2u, activate4(ACTIVATION, r));
}

fn store_four(row: u32, j: u32, v: vec4f) {
  if (j >= params.n) { return; }
  C[row + j] = v.x;
  if (VECTORS || j + 1u < params.n) { C[row + j + 1u] = v.y; }
  if (VECTORS || j + 2u < params.n) { C[row + j + 2u] = v.z; }
  if (VECTORS || j + 3u < params.n) { C[row + j + 3u] = v.w; }
}
