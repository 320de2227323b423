// The triangle of each matrix below or above a diagonal; zeros elsewhere
//
//     lower   y[b,i,j] = x[b,i,j] if j − i ≤ diagonal, else 0
//     UPPER   y[b,i,j] = x[b,i,j] if j − i ≥ diagonal, else 0
//
//     x, y [batch, rows, columns]
//
// Bits are copied, so one kernel serves every type.

import package::lib::grid::invocation_index;

override UPPER: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements
  rows: u32, columns: u32,
  diagonal: i32,
  x_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = invocation_index(id, groups, WORKGROUP);
  if (at >= params.n) { return; }
  let j = i32(at % params.columns);
  let i = i32(at / params.columns % params.rows);
  let kept = select(j - i <= params.diagonal, j - i >= params.diagonal, UPPER);
  y[at] = select(0u, x[params.x_offset + at], kept);
}
