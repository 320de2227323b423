// Images at another size, and the adjoint
//
//     forward    y[p,oy,ox]  = Σ over iy, ix of  a(oy, iy) · a(ox, ix) · x[p,iy,ix]
//     backward   dx[p,iy,ix] = Σ over oy, ox of  a(oy, iy) · a(ox, ix) · dy[p,oy,ox]
//
//     x, dx [planes, h, w]     y, dy [planes, oh, ow]
//
//     nearest          a(o, i) = 1 where i = ⌊o · step⌋
//     BILINEAR         a(o, i) = 1 − λ,  a(o, i + 1) = λ   where i + λ = max((o + ½) · step − ½, 0)
//     ALIGN_CORNERS    the same                            where i + λ = o · step
//
// with i kept within the image, and all other a = 0. Forward reads one pixel or four. Backward has
// one invocation per pixel of x, so that no two add to one element: it visits the few samples
// around its pixel and adds up what their a gives. Both compute the same a, bit by bit, so each is
// the other's adjoint.

import package::lib::grid::invocation_index;
import package::lib::products::times;

override BILINEAR: bool = false;
override ALIGN_CORNERS: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of result
  h: u32, w: u32, oh: u32, ow: u32,
  step_y: f32, // pixels of x per pixel of y
  step_x: f32,
  source_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x forward, dy backward
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

// A pixel of y along one dimension: (1 − λ) x[first] + λ x[second].
struct Sources {
  first: u32, second: u32, lambda: f32,
}

fn sources(o: u32, step: f32, size: u32) -> Sources {
  var at = f32(o) * step;
  if (BILINEAR && !ALIGN_CORNERS) { at = max((f32(o) + 0.5) * step - 0.5, 0.0); }
  let i = min(u32(at), size - 1u);
  if (!BILINEAR) { return Sources(i, i, 0.0); }
  return Sources(i, min(i + 1u, size - 1u), clamp(at - f32(i), 0.0, 1.0));
}

// a(o, i)
fn coefficient(o: u32, i: u32, step: f32, size: u32) -> f32 {
  let made = sources(o, step, size);
  return select(0.0, 1.0 - made.lambda, made.first == i) +
    select(0.0, made.lambda, made.second == i);
}

// The first and the last sample that may have a(o, i) > 0: those between i − 1 and i + 1, and at
// the edges all beyond. One more on either side, because of rounding. If the step is 0, all
// samples.
fn samples_at(i: u32, step: f32, size: u32, count: u32) -> vec2u {
  var begin = 0.0;
  if (BILINEAR && !ALIGN_CORNERS) { begin = 0.5 * step - 0.5; }
  var range = vec2u(0u, count - 1u);
  if (step > 0.0 && i > 0u) {
    range.x = u32(max(floor((f32(i) - 1.0 - begin) / step) - 1.0, 0.0));
  }
  if (step > 0.0 && i < size - 1u) {
    range.y = min(u32(ceil((f32(i) + 1.0 - begin) / step) + 1.0), count - 1u);
  }
  return range;
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let rows = sources(i / params.ow % params.oh, params.step_y, params.h);
  let columns = sources(i % params.ow, params.step_x, params.w);
  let plane = params.source_offset + i / (params.oh * params.ow) * params.h * params.w;
  let above = plane + rows.first * params.w;
  if (!BILINEAR) {
    result[i] = source[above + columns.first];
    return;
  }
  let below = plane + rows.second * params.w;
  let upper = mixed(source[above + columns.first], source[above + columns.second], columns.lambda);
  let lower = mixed(source[below + columns.first], source[below + columns.second], columns.lambda);
  result[i] = mixed(upper, lower, rows.lambda);
}

fn mixed(a: f32, b: f32, lambda: f32) -> f32 {
  return times(1.0 - lambda, a) + times(lambda, b);
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let iy = i / params.w % params.h;
  let ix = i % params.w;
  let plane = params.source_offset + i / (params.h * params.w) * params.oh * params.ow;
  let rows = samples_at(iy, params.step_y, params.h, params.oh);
  let columns = samples_at(ix, params.step_x, params.w, params.ow);
  var total = 0.0;
  for (var oy = rows.x; oy <= rows.y; oy++) {
    let a = coefficient(oy, iy, params.step_y, params.h);
    if (a == 0.0) { continue; }
    var along = 0.0;
    for (var ox = columns.x; ox <= columns.y; ox++) {
      let part = coefficient(ox, ix, params.step_x, params.w);
      along += times(part, source[plane + oy * params.ow + ox]);
    }
    total += times(a, along);
  }
  result[i] = total;
}
