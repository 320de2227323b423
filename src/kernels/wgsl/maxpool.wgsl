// The largest element of every window, and what goes back to it
//
//     forward   y[p,oy,ox] = max over ky, kx of x[p,iy,ix]        at[p,oy,ox] = where it lies, iy · w + ix
//     pick      y[p,oy,ox] = x[p, at[p,oy,ox]]
//     spread    x[p,iy,ix] = Σ y[p,oy,ox] over the windows with at[p,oy,ox] = iy · w + ix
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [planes, h, w]     y, at [planes, oh, ow]
//
// Of equal elements the first wins, row by row; NaN wins over all. Padding never does. Pick and spread are
// each other's adjoint, and spread is the gradient. It is computed from the side of x: an invocation
// visits the few windows that its pixel lies in and takes from those that chose it, so no two ever write
// to one place.

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations: elements of what is written
  h: u32,
  w: u32,
  oh: u32,
  ow: u32,
  kh: u32,
  kw: u32,
  stride_y: u32,
  stride_x: u32,
  padding_y: u32,
  padding_x: u32,
  dilation_y: u32,
  dilation_x: u32,
  offset: u32, // of what is read, in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> at: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
@group(0) @binding(5) var<storage, read_write> chosen: array<u32>;

fn is_nan(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u;
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  let oy = i / params.ow % params.oh;
  let ox = i % params.ow;
  let base = params.offset + i / (params.oh * params.ow) * params.h * params.w;
  var best = 0.0;
  var place = 0xffffffffu; // nowhere yet
  for (var ky = 0u; ky < params.kh; ky++) {
    let iy = oy * params.stride_y + ky * params.dilation_y - params.padding_y; // wraps round where outside
    if (iy >= params.h) { continue; }
    for (var kx = 0u; kx < params.kw; kx++) {
      let ix = ox * params.stride_x + kx * params.dilation_x - params.padding_x;
      if (ix >= params.w) { continue; }
      let v = x[base + iy * params.w + ix];
      if (place == 0xffffffffu || is_nan(v) || (v > best && !is_nan(best))) {
        best = v;
        place = iy * params.w + ix;
      }
    }
  }
  result[i] = best;
  chosen[i] = place;
}

@compute @workgroup_size(WORKGROUP)
fn pick(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  result[i] = x[params.offset + i / (params.oh * params.ow) * params.h * params.w + at[i]];
}

@compute @workgroup_size(WORKGROUP)
fn spread(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  let place = i % (params.h * params.w);
  let iy = place / params.w + params.padding_y;
  let ix = place % params.w + params.padding_x;
  let base = i / (params.h * params.w) * params.oh * params.ow;
  // the windows that can reach the pixel; of those, `at` says which did choose it
  let first_y = first_window(iy, params.kh, params.stride_y, params.dilation_y);
  let first_x = first_window(ix, params.kw, params.stride_x, params.dilation_x);
  let last_y = min(iy / params.stride_y, params.oh - 1u);
  let last_x = min(ix / params.stride_x, params.ow - 1u);
  var total = 0.0;
  for (var oy = first_y; oy <= last_y; oy++) {
    for (var ox = first_x; ox <= last_x; ox++) {
      let o = base + oy * params.ow + ox;
      if (at[o] == place) { total += dy[params.offset + o]; }
    }
  }
  result[i] = total;
}

// The first window whose last element is not before i:  ⌈(i − dilation · (k − 1)) / stride⌉, from 0 up.
fn first_window(i: u32, k: u32, stride: u32, dilation: u32) -> u32 {
  let reach = dilation * (k - 1u);
  if (i <= reach) { return 0u; }
  return (i - reach + stride - 1u) / stride;
}
