// Numbers of one type as numbers of another
//
//     y[i] = TO(x[i])
//
// A float becomes a whole number by dropping its fraction; anything but 0 is true.

import package::lib::grid::invocation_index;

const F32 = 0u;
const I32 = 1u;
const U32 = 2u;
const BOOL = 3u;

override FROM: u32 = F32;
override TO: u32 = I32;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // vec4s in y
  x_offset: u32, // in elements, a multiple of 4
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4u>;

fn convert(bits: vec4u) -> vec4u {
  if (TO == BOOL) {
    // −0.0 is 0, though its bits are not
    return vec4u(select(bits, bits & vec4u(0x7fffffffu), vec4<bool>(FROM == F32)) != vec4u(0u));
  }
  if (FROM == F32) {
    if (TO == I32) { return bitcast<vec4u>(vec4i(bitcast<vec4f>(bits))); }
    if (TO == U32) { return vec4u(bitcast<vec4f>(bits)); }
  }
  if (TO == F32) {
    if (FROM == I32) { return bitcast<vec4u>(vec4f(bitcast<vec4i>(bits))); }
    if (FROM == U32 || FROM == BOOL) { return bitcast<vec4u>(vec4f(bits)); }
  }
  return bits;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[i] = convert(x[params.x_offset / 4u + i]);
}
