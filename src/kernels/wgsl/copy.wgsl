// A strided view copied to a row, and a row copied to a strided view
//
//     gather    y[i] = x[at(i)]
//     scatter   y[at(i)] = x[i]         at(i) = Σ_d index_d(i) · stride_d
//
// Offsets are added to both. Each is the other's adjoint where no stride is 0. Bits are copied, not
// numbers, so one kernel serves every type.

import package::lib::grid::invocation_index;
import package::lib::strides::{Eight, position};

override RANK: u32 = 1; // a constant, so that the loop over dimensions is unrolled
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements
  x_offset: u32, // in elements
  y_offset: u32,
  shape: Eight, // sizes, outermost first
  strides: Eight, // of the view, in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn at(i: u32) -> u32 {
  return position(i, RANK, params.shape, params.strides);
}

@compute @workgroup_size(WORKGROUP)
fn gather(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[params.y_offset + i] = x[params.x_offset + at(i)];
}

@compute @workgroup_size(WORKGROUP)
fn scatter(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[params.y_offset + at(i)] = x[params.x_offset + i];
}
