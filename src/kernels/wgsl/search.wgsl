// Places in sorted rows
//
//     y[r,k] = the number of s[r,j] < v[r,k]          RIGHT: of s[r,j] ≤ v[r,k]
//
//     s [rows, size], sorted     v, y [rows, count]
//
// One invocation per value halves its row until one place is left. NaN is larger than all numbers.

import package::lib::grid::invocation_index;
import package::lib::order::rank_of;

override TYPE: u32 = 0; // f32, i32, u32
override RIGHT: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of y
  size: u32, count: u32,
  row: u32, // elements from one row of s to the next; 0 for one row that serves all
  s_offset: u32, v_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<u32>;
@group(0) @binding(2) var<storage, read> v: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let own = rank_of(v[params.v_offset + n], TYPE);
  let row = params.s_offset + n / params.count * params.row;
  var low = 0u;
  var high = params.size;
  while (low < high) {
    let middle = (low + high) / 2u;
    let key = rank_of(s[row + middle], TYPE);
    if (key < own || (RIGHT && key == own)) { low = middle + 1u; } else { high = middle; }
  }
  y[n] = low;
}
