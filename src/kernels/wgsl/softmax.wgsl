// Softmax and its logarithm along one dimension, and their gradients
//
//     forward    y[j] = e^(x[j] − m) / s          LOG:  y[j] = x[j] − m − ln s
//     backward   dx[j] = y[j] (dy[j] − Σₖ dy[k] y[k])      LOG:  dx[j] = dy[j] − e^y[j] Σₖ dy[k]
//
//     m = maxₖ x[k], so that no exponential overflows      s = Σₖ e^(x[k] − m)
//
//     x, y [outer, size, inner], the dimension in the middle
//
// One invocation walks along one row of the dimension: rows are short where there are classes. Sums
// are taken in blocks of 64, so that the rounding of long rows stays small.

import package::lib::exp::exp;
import package::lib::grid::invocation_index;
import package::lib::log::log;
import package::lib::nan::is_nan;
import package::lib::products::times;

override LOG: bool = false;
override WORKGROUP: u32 = 64;

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
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let r = invocation_index(id, groups, WORKGROUP);
  if (r >= params.rows) { return; }
  let start = start_of(r);
  var m = source[params.source_offset + start];
  for (var j = 1u; j < params.size; j++) {
    let v = source[params.source_offset + start + j * params.inner];
    if (is_nan(v) || v > m) { m = v; }
  }
  var s = 0.0;
  for (var from_j = 0u; from_j < params.size; from_j += 64u) {
    var few = 0.0;
    for (var j = from_j; j < min(from_j + 64u, params.size); j++) {
      few += exp(source[params.source_offset + start + j * params.inner] - m);
    }
    s += few;
  }
  for (var j = 0u; j < params.size; j++) {
    let at = start + j * params.inner;
    let v = source[params.source_offset + at] - m;
    if (LOG) { result[at] = v - log(s); } else { result[at] = select(exp(v) / s, v, is_nan(v)); }
  }
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let r = invocation_index(id, groups, WORKGROUP);
  if (r >= params.rows) { return; }
  let start = start_of(r);
  var s = 0.0;
  for (var from_j = 0u; from_j < params.size; from_j += 64u) {
    var few = 0.0;
    for (var j = from_j; j < min(from_j + 64u, params.size); j++) {
      let at = start + j * params.inner;
      let dy_j = dy[params.dy_offset + at];
      if (LOG) { few += dy_j; } else { few += times(dy_j, source[params.source_offset + at]); }
    }
    s += few;
  }
  for (var j = 0u; j < params.size; j++) {
    let at = start + j * params.inner;
    let y = source[params.source_offset + at];
    let dy_j = dy[params.dy_offset + at];
    if (LOG) { result[at] = dy_j - times(exp(y), s); } else { result[at] = y * (dy_j - s); }
  }
}
