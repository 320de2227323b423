// The largest element of every window, and what goes back to it
//
//     forward   y[p,oy,ox] = max over ky, kx of x[p,iy,ix]     at[p,oy,ox] = its iy · w + ix
//     gather    y[p,oy,ox] = x[p, at[p,oy,ox]]
//     scatter   x[p,iy,ix] = Σ y[p,oy,ox] over the windows with at[p,oy,ox] = iy · w + ix
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [planes, h, w]     y, at [planes, oh, ow]
//
// Of equal elements the first wins, row by row; NaN wins over all. Padding never does. Gather and
// scatter are each other's adjoint, and scatter is the gradient. It is computed from the side of x:
// for each pixel an invocation visits the few windows that contain it and adds those that chose it.
// So no two invocations write to one element. One invocation per row, because finding a single
// pixel takes five divisions, which cost more than all the rest.
//
// One loop walks over a window, not one for rows and one for columns: drivers that run lanes
// together go through a loop once more than the lanes need.

import package::lib::grid::invocation_index;
import package::lib::nan::is_nan;
import package::lib::order::key_of;

override OVERLAP: bool = true; // whether a pixel may lie in several windows
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations: rows of the result; in gather its elements
  h: u32, w: u32, oh: u32, ow: u32, kh: u32, kw: u32, stride_y: u32, stride_x: u32,
  padding_y: u32, padding_x: u32, dilation_y: u32, dilation_x: u32,
  source_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x, or y in scatter
@group(0) @binding(2) var<storage, read> at: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
@group(0) @binding(4) var<storage, read_write> chosen: array<u32>; // at, in forward

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = invocation_index(id, groups, WORKGROUP);
  if (row >= params.n) { return; }
  let base = params.source_offset + row / params.oh * params.h * params.w;
  let top = row % params.oh * params.stride_y - params.padding_y; // wraps round where outside
  for (var ox = 0u; ox < params.ow; ox++) {
    let left = ox * params.stride_x - params.padding_x;
    var best = 0.0;
    var best_rank = 0;
    var place = 0xffffffffu; // nowhere yet
    var ky = 0u;
    var kx = 0u;
    for (var tap = 0u; tap < params.kh * params.kw; tap++) {
      let iy = top + ky * params.dilation_y;
      let ix = left + kx * params.dilation_x;
      let inside = iy < params.h && ix < params.w;
      let here = select(0u, iy * params.w + ix, inside);
      let v = source[base + here];
      let rank = select(key_of(v), 0x7fffffff, is_nan(v)); // NaN is above all
      let better = place == 0xffffffffu || rank > best_rank;
      best = select(best, v, inside && better);
      best_rank = select(best_rank, rank, inside && better);
      place = select(place, here, inside && better);
      kx++;
      let row_ends = kx == params.kw;
      kx = select(kx, 0u, row_ends);
      ky += u32(row_ends);
    }
    result[row * params.ow + ox] = best;
    chosen[row * params.ow + ox] = place;
  }
}

@compute @workgroup_size(WORKGROUP)
fn gather(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let plane = i / (params.oh * params.ow) * params.h * params.w;
  result[i] = source[params.source_offset + plane + at[i]];
}

@compute @workgroup_size(WORKGROUP)
fn scatter(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = invocation_index(id, groups, WORKGROUP);
  if (row >= params.n) { return; }
  let y = row % params.h;
  let base = row / params.h * params.oh * params.ow;
  // the windows that can reach the pixel; of those, `at` says which did choose it
  let iy = y + params.padding_y;
  let last_y = iy / params.stride_y;
  let reach = params.dilation_x * (params.kw - 1u);
  let first_y = first_window(iy, params.dilation_y * (params.kh - 1u), params.stride_y);
  var first_x = 0u; // ⌈(ix − reach) / stride⌉ and ⌊ix / stride⌋, counted along
  var last_x = params.padding_x / params.stride_x;
  for (var column = 0u; column < params.w; column++) {
    let ix = column + params.padding_x;
    last_x += u32((last_x + 1u) * params.stride_x == ix);
    let place = y * params.w + column;
    var total = 0.0;
    if (OVERLAP) {
      if (column == 0u) { first_x = first_window(ix, reach, params.stride_x); }
      first_x += u32(first_x * params.stride_x + reach < ix);
      let end_x = min(last_x + 1u, params.ow);
      var oy = first_y;
      var ox = first_x;
      while (oy <= min(last_y, params.oh - 1u) && ox < end_x) {
        let o = base + oy * params.ow + ox;
        if (at[o] == place) { total += source[params.source_offset + o]; }
        ox++;
        let row_ends = ox == end_x;
        ox = select(ox, first_x, row_ends);
        oy += u32(row_ends);
      }
    } else {
      let inside = last_y < params.oh && last_x < params.ow;
      let o = select(0u, base + last_y * params.ow + last_x, inside);
      total = select(0.0, source[params.source_offset + o], inside && at[o] == place);
    }
    result[row * params.w + column] = total;
  }
}

// The first window whose last element is not before i:  ⌈(i − reach) / stride⌉, from 0 up.
fn first_window(i: u32, reach: u32, stride: u32) -> u32 {
  if (i <= reach) { return 0u; }
  return (i - reach + stride - 1u) / stride;
}
