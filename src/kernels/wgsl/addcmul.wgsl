// y[i] = x[i] + value · a[i] · b[i]
//
// All three are read through their strides, so broadcast operands and slices are read where they
// lie. RANK is a constant, so the loop over dimensions is unrolled.

import package::lib::grid::invocation_index;
import package::lib::products::times;
import package::lib::strides::{Eight, position};

override RANK: u32 = 1;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, x_offset: u32, a_offset: u32, b_offset: u32, value: f32,
  shape: Eight, // outermost first
  x_strides: Eight, a_strides: Eight, b_strides: Eight,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let x_at = params.x_offset + position(i, RANK, params.shape, params.x_strides);
  let a_at = params.a_offset + position(i, RANK, params.shape, params.a_strides);
  let b_at = params.b_offset + position(i, RANK, params.shape, params.b_strides);
  y[i] = x[x_at] + times(params.value * a[a_at], b[b_at]);
}
