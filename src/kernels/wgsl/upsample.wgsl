// Images at another size, and the way back
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
// with i kept within the image, and all other a = 0. Forward reads one pixel or four. Backward is computed
// from the side of x, so that no two invocations add to one place: a pixel visits the few samples that lie
// around it and asks each for its a. Forward and backward compute the same a, bit by bit, so that
// they are each other's adjoint.

import package::lib::grid::invocation_index;

override BILINEAR: bool = false;
override ALIGN_CORNERS: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations: elements of what is written
  h: u32,
  w: u32,
  oh: u32,
  ow: u32,
  step_y: f32, // pixels of x from one of y to the next
  step_x: f32,
  source_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x forward, dy backward
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

// What a pixel of y is made of along one dimension: (1 − share) of one pixel of x, share of the other.
struct Sources {
  first: u32,
  second: u32,
  share: f32,
}

fn sources(o: u32, step: f32, size: u32) -> Sources {
  var at = f32(o) * step;
  if (BILINEAR && !ALIGN_CORNERS) { at = max((f32(o) + 0.5) * step - 0.5, 0.0); }
  let i = min(u32(at), size - 1u);
  if (!BILINEAR) { return Sources(i, i, 0.0); }
  return Sources(i, min(i + 1u, size - 1u), clamp(at - f32(i), 0.0, 1.0));
}

// a(o, i)
fn part_of(o: u32, i: u32, step: f32, size: u32) -> f32 {
  let made_of = sources(o, step, size);
  return select(0.0, 1.0 - made_of.share, made_of.first == i) + select(0.0, made_of.share, made_of.second == i);
}

// The samples that can hold a part of pixel i, and one more at either end, where rounding may have put it:
// those at i − 1 to i + 1, and at the edges all beyond. Without steps, all.
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
  let upper = mixed(source[above + columns.first], source[above + columns.second], columns.share);
  let lower = mixed(source[below + columns.first], source[below + columns.second], columns.share);
  result[i] = mixed(upper, lower, rows.share);
}

fn mixed(a: f32, b: f32, share: f32) -> f32 {
  return (1.0 - share) * a + share * b;
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
    let share = part_of(oy, iy, params.step_y, params.h);
    if (share == 0.0) { continue; }
    var along = 0.0;
    for (var ox = columns.x; ox <= columns.y; ox++) {
      along += part_of(ox, ix, params.step_x, params.w) * source[plane + oy * params.ow + ox];
    }
    total += share * along;
  }
  result[i] = total;
}
