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
// If x came out of an f, spread as a gradient is multiplied by f′, which for relu, tanh and sigmoid follows from x.
//
// Of equal elements the first wins, row by row; NaN wins over all. Padding never does. Pick and spread are
// each other's adjoint, and spread is the gradient. It is computed from the side of x: an invocation
// owns a row and visits, for each pixel, the few windows that it lies in; it takes from those that chose it, so no two
// ever write to one place. A row an invocation, since to find the place of a single pixel takes five
// divisions, which cost more than all the rest.

override BEHIND: u32 = 0; // the f that the gradient passes through: none, relu, tanh, sigmoid
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations: rows of what is written; of pick, elements
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
  activated_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> at: array<u32>;
@group(0) @binding(4) var<storage, read> activated: array<f32>; // of the result's shape
@group(0) @binding(5) var<storage, read_write> result: array<f32>;
@group(0) @binding(6) var<storage, read_write> chosen: array<u32>;

fn is_nan(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u;
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.y * groups.x * WORKGROUP + id.x;
  if (row >= params.n) { return; }
  let base = params.offset + row / params.oh * params.h * params.w;
  let top = row % params.oh * params.stride_y - params.padding_y; // wraps round where outside
  for (var ox = 0u; ox < params.ow; ox++) {
    let left = ox * params.stride_x - params.padding_x;
    var best = 0.0;
    var place = 0xffffffffu; // nowhere yet
    for (var ky = 0u; ky < params.kh; ky++) {
      let iy = top + ky * params.dilation_y;
      if (iy >= params.h) { continue; }
      for (var kx = 0u; kx < params.kw; kx++) {
        let ix = left + kx * params.dilation_x;
        if (ix >= params.w) { continue; }
        let v = x[base + iy * params.w + ix];
        if (place == 0xffffffffu || is_nan(v) || (v > best && !is_nan(best))) {
          best = v;
          place = iy * params.w + ix;
        }
      }
    }
    result[row * params.ow + ox] = best;
    chosen[row * params.ow + ox] = place;
  }
}

@compute @workgroup_size(WORKGROUP)
fn pick(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  result[i] = x[params.offset + i / (params.oh * params.ow) * params.h * params.w + at[i]];
}

@compute @workgroup_size(WORKGROUP)
fn spread(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.y * groups.x * WORKGROUP + id.x;
  if (row >= params.n) { return; }
  let y = row % params.h;
  let base = row / params.h * params.oh * params.ow;
  // the windows that can reach the pixel; of those, `at` says which did choose it
  let first_y = first_window(y + params.padding_y, params.kh, params.stride_y, params.dilation_y);
  let last_y = min((y + params.padding_y) / params.stride_y, params.oh - 1u);
  let reach = params.dilation_x * (params.kw - 1u);
  var first_x = 0u; // ⌈(ix − reach) / stride⌉ and ⌊ix / stride⌋, counted along
  var last_x = 0u;
  for (var column = 0u; column < params.w; column++) {
    let ix = column + params.padding_x;
    while (first_x * params.stride_x + reach < ix) { first_x++; }
    while ((last_x + 1u) * params.stride_x <= ix) { last_x++; }
    let place = y * params.w + column;
    var total = 0.0;
    for (var oy = first_y; oy <= last_y; oy++) {
      for (var ox = first_x; ox <= min(last_x, params.ow - 1u); ox++) {
        let o = base + oy * params.ow + ox;
        if (at[o] == place) { total += dy[params.offset + o]; }
      }
    }
    let i = row * params.w + column;
    if (BEHIND == 0u) { result[i] = total; } else { result[i] = total * slope(activated[params.activated_offset + i]); }
  }
}

// f′ from v = f(z).
fn slope(v: f32) -> f32 {
  switch BEHIND {
    case 0u: { return 1.0; }
    case 1u: { return f32(v > 0.0); } // relu
    case 2u: { return 1.0 - v * v; } // tanh
    default: { return v * (1.0 - v); } // sigmoid
  }
}

// The first window whose last element is not before i:  ⌈(i − dilation · (k − 1)) / stride⌉, from 0 up.
fn first_window(i: u32, k: u32, stride: u32, dilation: u32) -> u32 {
  let reach = dilation * (k - 1u);
  if (i <= reach) { return 0u; }
  return (i - reach + stride - 1u) / stride;
}
