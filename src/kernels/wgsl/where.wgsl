// A choice, element by element
//
//     y[i] = a[i] if condition[i], else b[i]
//
// All four are contiguous. Bits are copied, so one kernel serves every type.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // vec4s in y
  condition_offset: u32, // in elements, a multiple of 4
  a_offset: u32, b_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> condition: array<vec4u>;
@group(0) @binding(2) var<storage, read> a: array<vec4u>;
@group(0) @binding(3) var<storage, read> b: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4u>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let chosen = condition[params.condition_offset / 4u + i] != vec4u(0u);
  y[i] = select(b[params.b_offset / 4u + i], a[params.a_offset / 4u + i], chosen);
}
