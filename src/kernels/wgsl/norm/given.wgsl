// Normalisation by a mean and a variance that are known, one of each per set
//
//     y = w (x − m) / √(v + ε) + b
//
//     x [outer, sets, inner]     w, b, m, v [sets]
//
// One invocation does one number: this is not training.

import package::lib::grid::invocation_index;
import package::lib::products::times;
import package::lib::roots::root;

override HAS_WEIGHT: bool = false;
override HAS_BIAS: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  size: u32, // elements of x
  sets: u32, inner: u32,
  x_offset: u32, // all offsets in elements
  mean_offset: u32, variance_offset: u32, weight_offset: u32, bias_offset: u32, eps: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read> mean: array<f32>;
@group(0) @binding(5) var<storage, read> variance: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.size) { return; }
  let s = i / params.inner % params.sets;
  let v = variance[params.variance_offset + s];
  let d = x[params.x_offset + i] - mean[params.mean_offset + s];
  var value = d / root(v + params.eps);
  if (HAS_WEIGHT) { value = times(value, weight[params.weight_offset + s]); }
  if (HAS_BIAS) { value += bias[params.bias_offset + s]; }
  y[i] = value;
}
