// Softmax and its logarithm along one dimension, and their gradients
//
//     forward    y[j] = e^(x[j] − m) / s          LOG:  y[j] = x[j] − m − ln s
//     backward   dx[j] = y[j] (dy[j] − Σₖ dy[k] y[k])      LOG:  dx[j] = dy[j] − e^y[j] Σₖ dy[k]
//
//     m = maxₖ x[k], so that no exponential overflows      s = Σₖ e^(x[k] − m)
//
//     x, y [outer, size, inner], the dimension in the middle
//
// One invocation walks along one row of the dimension, or on a GPU a workgroup, see rowwise.wgsl.
// Sums are taken in blocks of 64, so that the rounding of long rows stays small.

import package::lib::exp::exp;
import package::lib::log::log;
import package::lib::nan::{is_nan, larger};
import package::lib::products::times;
import package::lib::rowwise::{WORKGROUP, largest, own_row, stride, summed};

override LOG: bool = false;

struct Params {
  rows: u32, // outer · inner
  size: u32, inner: u32,
  source_offset: u32, // in elements
  dy_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x, or y in backward
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

// Where row r begins; its elements follow `inner` apart.
fn start_of(r: u32) -> u32 {
  return r / params.inner * params.size * params.inner + r % params.inner;
}

@compute @workgroup_size(WORKGROUP)
fn forward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = own_row(group, groups, local);
  let lane = own.y;
  let size = select(0u, params.size, own.x < params.rows);
  let start = start_of(own.x);
  let from_source = params.source_offset + start;
  var m = source[from_source + min(lane, params.size - 1u) * params.inner];
  for (var j = lane + stride(); j < size; j += stride()) {
    m = larger(m, source[from_source + j * params.inner]);
  }
  m = largest(m, lane);
  var s = 0.0;
  for (var from_j = lane; from_j < size; from_j += 64u * stride()) {
    var few = 0.0;
    for (var j = from_j; j < min(from_j + 64u * stride(), size); j += stride()) {
      few += exp(source[from_source + j * params.inner] - m);
    }
    s += few;
  }
  s = summed(s, lane);
  for (var j = lane; j < size; j += stride()) {
    let at = start + j * params.inner;
    let v = source[params.source_offset + at] - m;
    if (LOG) { result[at] = v - log(s); } else { result[at] = select(exp(v) / s, v, is_nan(v)); }
  }
}

@compute @workgroup_size(WORKGROUP)
fn backward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let own = own_row(group, groups, local);
  let lane = own.y;
  let size = select(0u, params.size, own.x < params.rows);
  let start = start_of(own.x);
  var s = 0.0;
  for (var from_j = lane; from_j < size; from_j += 64u * stride()) {
    var few = 0.0;
    for (var j = from_j; j < min(from_j + 64u * stride(), size); j += stride()) {
      let at = start + j * params.inner;
      let dy_j = dy[params.dy_offset + at];
      if (LOG) { few += dy_j; } else { few += times(dy_j, source[params.source_offset + at]); }
    }
    s += few;
  }
  s = summed(s, lane);
  for (var j = lane; j < size; j += stride()) {
    let at = start + j * params.inner;
    let y = source[params.source_offset + at];
    let dy_j = dy[params.dy_offset + at];
    if (LOG) { result[at] = dy_j - times(exp(y), s); } else { result[at] = y * (dy_j - s); }
  }
}
