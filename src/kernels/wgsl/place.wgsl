// The gradient of a slice: a smaller tensor added to a part of zeros, or of a sum
//
//     x[o,d,i] = sum[o,d,i] + y[o,j,i] · f′(activated[o,d,i])   if d = start + j · step
//                sum[o,d,i]                                     for no such j of y
//
// If what was sliced came out of an f, the gradient is led through it here: f′ of relu, tanh and
// sigmoid follows from f.

import package::lib::activation::{NONE, slope};
import package::lib::grid::invocation_index;

override SUM: bool = false;
override BEHIND: u32 = NONE; // f: none, relu, tanh, sigmoid
override EVERY: bool = false; // whether step is 1
override LAST: bool = false; // whether inner is 1; a quotient costs as much as a load
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of x
  size: u32, // of x along the dimension
  inner: u32, // elements of one step along it
  start: u32, step: u32, length: u32, y_offset: u32, sum_offset: u32, activated_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> sum: array<f32>;
@group(0) @binding(3) var<storage, read> activated: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = invocation_index(id, groups, WORKGROUP);
  if (at >= params.n) { return; }
  var i = 0u;
  var row = at;
  if (!LAST) {
    row = at / params.inner;
    i = at - row * params.inner;
  }
  let o = row / params.size;
  let d = row - o * params.size;
  var j = d - params.start; // wraps round before the start
  var is_shown = true;
  if (!EVERY) {
    j /= params.step;
    is_shown = params.start + j * params.step == d;
  }
  var v = 0.0;
  if (SUM) { v = sum[params.sum_offset + at]; }
  if (j < params.length && is_shown) {
    var mine = y[params.y_offset + (o * params.length + j) * params.inner + i];
    if (BEHIND != NONE) { mine *= slope(BEHIND, activated[params.activated_offset + at]); }
    v += mine;
  }
  x[at] = v;
}
