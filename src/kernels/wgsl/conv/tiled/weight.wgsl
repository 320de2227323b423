// The gradients of a convolution's weight and bias, with tiles of y in workgroup memory
//
//     w[o,c,ky,kx] = Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
// Two ideas more than register/weight.wgsl. An invocation computes one tap of four channels of x,
// so that one check says whether all four lie inside the image. And all invocations of a workgroup
// need the same y: sixteen pixels at a time are loaded by all of them together, and kept with the
// channels side by side. Then one load of x and one of workgroup memory feed 16 multiply-adds each.
//
// Four pixels of x are loaded before the first of them is used: a GPU waits for them together.

import package::conv::geometry::params;
import package::conv::images::CHANNELS;
import package::conv::partial::{bias_part, part_size, result, y};
import package::conv::tiled::window::{PLANES, Place, Tap, next_x};
import package::lib::grid::workgroup_index;
import package::lib::products::times4;

override WORKGROUP: u32 = 64;

const PIXELS = 16u; // of y per tile

// [four pixels, one of them, channel / 4]: indices that are known to be inside are not clamped.
var<workgroup> y_tile: array<array<array<vec4f, 4>, 4>, 4>;

// Four channels of y for each channel of x: four blocks of four.
alias Sums = array<vec4f, 16>;

// Adds the products of a pixel with four or less channels of x.
fn add(sums: ptr<function, Sums>, v: vec4f, y_of: array<vec4f, 4>) {
  add_four(sums, 0u, v, y_of[0]);
  add_four(sums, 1u, v, y_of[1]);
  if (CHANNELS < 16u) { return; }
  add_four(sums, 2u, v, y_of[2]);
  add_four(sums, 3u, v, y_of[3]);
}

fn add_four(sums: ptr<function, Sums>, first: u32, v: vec4f, four: vec4f) {
  (*sums)[first] += times4(four, v.x);
  if (PLANES < 4u) { return; }
  (*sums)[first + 4u] += times4(four, v.y);
  (*sums)[first + 8u] += times4(four, v.z);
  (*sums)[first + 12u] += times4(four, v.w);
}

// Stores up to four channels of y, which lie `apart`.
fn store(at: u32, apart: u32, count: u32, v: vec4f) {
  result[at] = v.x;
  if (count > 1u) { result[at + apart] = v.y; }
  if (count > 2u) { result[at + 2u * apart] = v.z; }
  if (count > 3u) { result[at + 3u * apart] = v.w; }
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let number = workgroup_index(group, groups);
  let part = number / params.tiles;
  if (part >= params.parts) {
    let rest = (number - params.parts * params.tiles) * WORKGROUP + lane;
    if (rest < params.bias_channels * params.parts) {
      bias_part(rest % params.bias_channels, rest / params.bias_channels);
    }
    return;
  }
  let taps = params.kh * params.kw;
  let planes = (params.c + PLANES - 1u) / PLANES;
  let lane_blocks = (taps * planes + WORKGROUP - 1u) / WORKGROUP;
  let blocks = (params.o + CHANNELS - 1u) / CHANNELS;
  let own = number % lane_blocks * WORKGROUP + lane;
  let c = own / taps * PLANES;
  let channel = number / lane_blocks % blocks * CHANNELS;
  let g = number / lane_blocks / blocks % params.groups;
  let plane = params.h * params.w;
  let area = params.oh * params.ow;
  let dy = own % taps / params.kw * params.dilation_y;
  let dx = own % params.kw * params.dilation_x;
  let first = params.x_offset + (g * params.c + c) * plane + dy * params.w + dx;
  let tap = Tap(first + vec4u(0u, 1u, 2u, 3u) * plane, dy, dx);

  // The part of a tile that this invocation loads: one pixel, four channels.
  let from_channel = channel + lane / PIXELS * 4u;
  let y_of_channels = params.y_offset + (g * params.o + from_channel) * area;
  let begin = part * params.rows * params.ow;
  let end = min(begin + params.rows * params.ow, params.images * area);
  let top = begin % area / params.ow * params.stride_y - params.padding_y;
  let left = begin % params.ow * params.stride_x - params.padding_x;
  let image = begin / area * params.groups * params.c * plane;
  var place = Place(top, left, image + top * params.w + left, end - begin);
  var sums: Sums;
  for (var p = begin; p < end; p += PIXELS) {
    let pixel = p + lane % PIXELS;
    let at = y_of_channels + pixel / area * params.groups * params.o * area + pixel % area;
    let loaded = vec4f(y[at], y[at + area], y[at + 2u * area], y[at + 3u * area]);
    let is_channel = vec4u(params.o) > from_channel + vec4u(0u, 1u, 2u, 3u);
    workgroupBarrier();
    y_tile[lane % PIXELS / 4u][lane % 4u][lane / PIXELS] =
      select(vec4f(), loaded, is_channel & vec4<bool>(pixel < end));
    workgroupBarrier();
    for (var step = 0u; step < 4u; step++) {
      let i = min(step, 3u); // so that compilers know it, and put all offsets into instructions
      let x0 = next_x(&place, tap);
      let x1 = next_x(&place, tap);
      let x2 = next_x(&place, tap);
      let x3 = next_x(&place, tap);
      add(&sums, x0, y_tile[i][0]);
      add(&sums, x1, y_tile[i][1]);
      add(&sums, x2, y_tile[i][2]);
      add(&sums, x3, y_tile[i][3]);
    }
  }
  if (c >= params.c) { return; }
  let numbers = params.c * taps; // per channel of y
  let base = part * part_size() + g * params.o * numbers + c * taps + own % taps;
  for (var o = channel; o < min(channel + CHANNELS, params.o); o += 4u) {
    let to = base + o * numbers;
    let count = params.o - o;
    store(to, numbers, count, sums[0]);
    sums[0] = sums[1]; sums[1] = sums[2]; sums[2] = sums[3];
    if (PLANES < 4u) { continue; }
    if (c + 1u < params.c) { store(to + taps, numbers, count, sums[4]); }
    if (c + 2u < params.c) { store(to + 2u * taps, numbers, count, sums[8]); }
    if (c + 3u < params.c) { store(to + 3u * taps, numbers, count, sums[12]); }
    sums[4] = sums[5]; sums[5] = sums[6]; sums[6] = sums[7];
    sums[8] = sums[9]; sums[9] = sums[10]; sums[10] = sums[11];
    sums[12] = sums[13]; sums[13] = sums[14]; sums[14] = sums[15];
  }
}
