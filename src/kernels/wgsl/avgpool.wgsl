// The mean of every window, and its adjoint
//
//     forward    y[p,oy,ox]  = Σ x[p,iy,ix] / divisor[oy,ox]      over the window of (oy, ox)
//     backward   dx[p,iy,ix] = Σ dy[p,oy,ox] / divisor[oy,ox]     over the windows with (iy, ix)
//
//     x, dx [planes, h, w]     y, dy [planes, oh, ow]
//
// Kernel, stride and padding define the windows. ADAPTIVE ones divide the plane evenly instead:
// window o of m along n pixels goes from ⌊o n / m⌋ up to, but without, ⌈(o + 1) n / m⌉. Backward
// has one invocation per pixel of x, which visits the few windows that contain the pixel. So no two
// invocations write to one element.

import package::lib::grid::invocation_index;

override ADAPTIVE: bool = false;
override COUNT_PADDING: bool = true; // whether padding counts in the divisor
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of result
  h: u32, w: u32, oh: u32, ow: u32, kh: u32, kw: u32, stride_y: u32, stride_x: u32,
  padding_y: u32, padding_x: u32,
  divisor: u32, // 0: the size of the window
  source_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x, or dy
@group(0) @binding(2) var<storage, read_write> result: array<f32>; // y, or dx

// A window along one dimension: pixels first to last − 1, and how many count in the divisor.
struct Span { first: u32, last: u32, count: u32 }

fn span(o: u32, n: u32, windows: u32, k: u32, stride: u32, padding: u32) -> Span {
  if (ADAPTIVE) {
    let first = o * n / windows;
    let last = ((o + 1u) * n + windows - 1u) / windows;
    return Span(first, last, last - first);
  }
  let start = i32(o * stride) - i32(padding);
  let end = min(start + i32(k), i32(n + padding));
  let first = u32(max(start, 0));
  let last = u32(min(end, i32(n)));
  return Span(first, last, select(last - first, u32(end - start), COUNT_PADDING));
}

fn rows(oy: u32) -> Span {
  return span(oy, params.h, params.oh, params.kh, params.stride_y, params.padding_y);
}

fn columns(ox: u32) -> Span {
  return span(ox, params.w, params.ow, params.kw, params.stride_x, params.padding_x);
}

fn divisor(y: Span, x: Span) -> f32 {
  return f32(select(params.divisor, y.count * x.count, params.divisor == 0u));
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let base = params.source_offset + i / (params.oh * params.ow) * params.h * params.w;
  let along_y = rows(i / params.ow % params.oh);
  let along_x = columns(i % params.ow);
  var total = 0.0;
  for (var iy = along_y.first; iy < along_y.last; iy++) {
    for (var ix = along_x.first; ix < along_x.last; ix++) {
      total += source[base + iy * params.w + ix];
    }
  }
  result[i] = total / divisor(along_y, along_x);
}

// The first and the last window that may contain pixel i.
fn windows_of(i: u32, n: u32, windows: u32, k: u32, stride: u32, padding: u32) -> vec2u {
  if (ADAPTIVE) { return vec2u(i * windows / n, ((i + 1u) * windows + n - 1u) / n - 1u); }
  let reach = i + padding + 1u;
  let first = select(0u, (reach - min(k, reach) + stride - 1u) / stride, reach > k);
  return vec2u(first, min((i + padding) / stride, windows - 1u));
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let base = params.source_offset + i / (params.h * params.w) * params.oh * params.ow;
  let iy = i / params.w % params.h;
  let ix = i % params.w;
  let along_y = windows_of(iy, params.h, params.oh, params.kh, params.stride_y, params.padding_y);
  let along_x = windows_of(ix, params.w, params.ow, params.kw, params.stride_x, params.padding_x);
  var total = 0.0;
  for (var oy = along_y.x; oy <= along_y.y; oy++) {
    for (var ox = along_x.x; ox <= along_x.y; ox++) {
      total += source[base + oy * params.ow + ox] / divisor(rows(oy), columns(ox));
    }
  }
  result[i] = total;
}
