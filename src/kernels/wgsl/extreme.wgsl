// The largest or smallest element along a dimension, and where it is
//
//     y[o,i] = maxⱼ x[o,j,i]        at[o,i] = the first such j
//
//     x [outer, size, inner]     y, at [outer, parts, inner]
//
// NaN wins over all numbers. One invocation compares `part` elements of a row. A long row is cut
// into parts, and a second pass compares their extremes. That works for values only: j would be a
// part.

import package::lib::grid::invocation_index;
import package::lib::order::key_of;

const F32 = 0u;
const I32 = 1u;

override TYPE: u32 = F32; // anything else is u32
override SMALLEST: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // outer · parts · inner
  size: u32, inner: u32, parts: u32,
  part: u32, // elements per part
  x_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<storage, read_write> at: array<u32>;

fn is_nan(v: u32) -> bool {
  return TYPE == F32 && (v & 0x7fffffffu) > 0x7f800000u;
}

fn less(a: u32, b: u32) -> bool {
  if (TYPE == F32) { return key_of(bitcast<f32>(a)) < key_of(bitcast<f32>(b)); }
  if (TYPE == I32) { return bitcast<i32>(a) < bitcast<i32>(b); }
  return a < b;
}

fn wins(v: u32, best: u32) -> bool {
  if (is_nan(best)) { return false; }
  if (is_nan(v)) { return true; }
  if (SMALLEST) { return less(v, best); }
  return less(best, v);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let o = n / (params.parts * params.inner);
  let first = n / params.inner % params.parts * params.part;
  let base = params.x_offset + o * params.size * params.inner + n % params.inner;
  var place = first;
  var best = x[base + first * params.inner];
  for (var j = first + 1u; j < min(first + params.part, params.size); j++) {
    let v = x[base + j * params.inner];
    if (wins(v, best)) {
      best = v;
      place = j;
    }
  }
  y[n] = best;
  at[n] = place;
}
