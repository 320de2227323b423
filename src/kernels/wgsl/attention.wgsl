// The weights of attention: the softmax of scaled and masked scores, and its gradient
//
//     z[i,j] = scale · x[i,j] + mask[i,j]              TRUTH: −∞ where mask[i,j] is false
//     forward    y[i,j] = e^(z[i,j] − m) / s           m = maxⱼ z[i,j]     s = Σⱼ e^(z[i,j] − m)
//     backward   dx[i,j] = scale · y[i,j] (dy[i,j] − Σₖ dy[i,k] y[i,k])
//
//     x, y [..., queries, keys], contiguous; the mask is read through its strides
//
// With CAUSAL only the keys j ≤ i count; no other is read, and its y and dx are 0. One invocation
// walks along one row, or on a GPU a workgroup, see rowwise.wgsl. Sums are taken in blocks of 64,
// so that their rounding stays small.

import package::lib::bits::infinity;
import package::lib::exp::exp;
import package::lib::nan::{is_nan, larger};
import package::lib::products::times;
import package::lib::rowwise::{WORKGROUP, largest, own_row, stride, summed};
import package::lib::strides::{Eight, position};

const NONE = 0u;
const ADDED = 1u;
const TRUTH = 2u;

override MASK: u32 = NONE;
override CAUSAL: bool = false;
override RANK: u32 = 1; // of the mask's rows

struct Params {
  rows: u32, // all queries
  queries: u32, keys: u32,
  source_offset: u32, // in elements
  dy_offset: u32, mask_offset: u32,
  mask_key: u32, // the stride from key to key
  scale: f32, mask_shape: Eight, mask_strides: Eight,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x, or y in backward
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> mask: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

// How many keys a row may use.
fn keys_of(r: u32) -> u32 {
  if (r >= params.rows) { return 0u; }
  if (CAUSAL) { return min(params.keys, r % params.queries + 1u); }
  return params.keys;
}

fn mask_row(r: u32) -> u32 {
  if (MASK == NONE) { return 0u; }
  return params.mask_offset + position(r, RANK, params.mask_shape, params.mask_strides);
}

fn z(start: u32, masks: u32, j: u32) -> f32 {
  let v = times(source[params.source_offset + start + j], params.scale);
  if (MASK == NONE) { return v; }
  let own = mask[masks + j * params.mask_key];
  if (MASK == ADDED) { return v + bitcast<f32>(own); }
  return select(v, -infinity(), own == 0u);
}

@compute @workgroup_size(WORKGROUP)
fn forward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = own_row(group, groups, local);
  let lane = own.y;
  let start = own.x * params.keys;
  let masks = mask_row(own.x);
  let keys = keys_of(own.x);
  var m = z(start, masks, min(lane, max(keys, 1u) - 1u));
  for (var j = lane + stride(); j < keys; j += stride()) { m = larger(m, z(start, masks, j)); }
  m = largest(m, lane);
  var s = 0.0;
  for (var from_j = lane; from_j < keys; from_j += 64u * stride()) {
    var few = 0.0;
    for (var j = from_j; j < min(from_j + 64u * stride(), keys); j += stride()) {
      few += exp(z(start, masks, j) - m);
    }
    s += few;
  }
  s = summed(s, lane);
  for (var j = lane; j < keys; j += stride()) {
    let v = z(start, masks, j) - m;
    result[start + j] = select(exp(v) / s, v, is_nan(v));
  }
  put_zeros(own, start, keys);
}

// The keys that do not count.
fn put_zeros(own: vec2u, start: u32, keys: u32) {
  if (own.x >= params.rows) { return; }
  for (var j = keys + own.y; j < params.keys; j += stride()) { result[start + j] = 0.0; }
}

@compute @workgroup_size(WORKGROUP)
fn backward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = own_row(group, groups, local);
  let lane = own.y;
  let start = own.x * params.keys;
  let keys = keys_of(own.x);
  var s = 0.0;
  for (var from_j = lane; from_j < keys; from_j += 64u * stride()) {
    var few = 0.0;
    for (var j = from_j; j < min(from_j + 64u * stride(), keys); j += stride()) {
      let at = start + j;
      few += times(dy[params.dy_offset + at], source[params.source_offset + at]);
    }
    s += few;
  }
  s = summed(s, lane);
  for (var j = lane; j < keys; j += stride()) {
    let at = start + j;
    let y = source[params.source_offset + at];
    result[at] = params.scale * (y * (dy[params.dy_offset + at] - s));
  }
  put_zeros(own, start, keys);
}
