// Convolution of images and its two gradients, eight or sixteen channels per invocation
//
//     forward   y[n,o,oy,ox] = b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix]
//     input     x[n,c,iy,ix] = b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox]      the transposed convolution
//     weight    w[o,c,ky,kx] =        Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]      in parts, and so Σ_{n,iy,ix} of
//               x or y for every channel, the gradient of b; conv.wgsl's `total` sums the parts
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [images, groups · c, h, w]     y [images, groups · o, oh, ow]     w [groups · o, c, kh, kw]
//
// What conv.wgsl computes, for adapters that compute on the CPU, where loads cost and a broadcast within a subgroup is
// almost free. In forward and input the lanes of a subgroup are pixels, in four images each, and all of them want the same
// channels' weights: each lane loads one of eight (or two, of four lanes) and hands it round. So four loads of an image
// and one or two of weights feed 32 or 64 multiply-adds, and weights are read where they lie. In weight the lanes are taps, four
// each, and it is y's channels that are handed round.
//
// For that all lanes must be at the same tap. Forward visits all taps and takes 0 outside the image. Input goes by phase: pixels
// iy that leave the same remainder by the stride have the same taps, a stride-th of them, and no lane multiplies zeros.
//
// Each sum is one loop, not a loop for each of its indices: drivers that run lanes together go through a loop once more than
// the lanes need.

import package::lib::activation::{NONE, activate4, slope};
import package::lib::grid::workgroup_index;

enable subgroups;

override LANES: u32 = 8; // of a subgroup: 4 or 8
override WIDE: bool = false; // sixteen channels an invocation, else eight
override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f of the result: none, relu, tanh, sigmoid
override BEHIND: u32 = NONE; // the f that the gradient passes through

struct Params {
  images: u32,
  groups: u32,
  c: u32, // channels of x a group
  o: u32, // channels of y a group
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
  step_y: u32, // input: from one tap that counts to the next, stride / gcd(stride, dilation)
  step_x: u32,
  x_offset: u32, // all offsets in elements
  y_offset: u32,
  w_offset: u32,
  bias_offset: u32,
  activated_offset: u32,
  rows: u32, // weight: rows of y (images · oh) a part
  parts: u32,
  tiles: u32, // weight: workgroups a part
  bias_channels: u32, // weight: channels whose sums are wanted
  bias_of_x: u32, // weight: 1 if they are channels of x, 0 if of y
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> activated: array<f32>; // of the result's shape
@group(0) @binding(6) var<storage, read_write> result: array<f32>;

fn put(at: u32, v: f32) {
  if (BEHIND == NONE) { result[at] = v; } else { result[at] = v * slope(BEHIND, activated[params.activated_offset + at]); }
}

// One channel of four images, the last of which come first: images past the last one are stored there, and written over.
fn store(at: vec4u, sum: vec4f) {
  let v = activate4(ACTIVATION, sum);
  put(at.w, v.w);
  put(at.z, v.z);
  put(at.y, v.y);
  put(at.x, v.x);
}

// Where four images begin that follow each other; past the last one it is the last again.
fn images_from(first: u32, size: u32) -> vec4u {
  return min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(params.images - 1u)) * size;
}

fn bias_of(channel: u32, channels: u32) -> vec4f {
  if (!BIAS) { return vec4f(); }
  return vec4f(bias[params.bias_offset + min(channel, channels - 1u)]);
}

// Weights of eight channels, `apart` elements from one to the next: the lane's, and with four lanes that four further on.
fn mine(at: u32, lane: u32, apart: u32, last: u32) -> vec2f {
  let own = w[at + min(lane, last) * apart];
  if (LANES == 8u) { return vec2f(own, 0.0); }
  return vec2f(own, w[at + min(lane + 4u, last) * apart]);
}

fn low(v: vec2f) -> vec4f {
  return vec4f(subgroupBroadcast(v.x, 0u), subgroupBroadcast(v.x, 1u), subgroupBroadcast(v.x, 2u), subgroupBroadcast(v.x, 3u));
}

fn high(v: vec2f) -> vec4f {
  if (LANES == 4u) { return low(v.yx); }
  return vec4f(subgroupBroadcast(v.x, 4u), subgroupBroadcast(v.x, 5u), subgroupBroadcast(v.x, 6u), subgroupBroadcast(v.x, 7u));
}

@compute @workgroup_size(LANES)
fn forward(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let plane = params.oh * params.ow;
  let pixels = (params.images + 3u) / 4u * plane;
  let chunks = (pixels + LANES - 1u) / LANES;
  let size = select(8u, 16u, WIDE);
  let blocks = (params.o + size - 1u) / size;
  let tile = workgroup_index(group, groups);
  let channel = tile / chunks % blocks * size;
  let g = tile / chunks / blocks;
  if (g >= params.groups) { return; }
  let pixel = tile % chunks * LANES + lane; // those past the last one compute something that is not stored
  let image = pixel / plane * 4u;
  let place = pixel % plane;
  let top = place / params.ow * params.stride_y - params.padding_y;
  let left = place % params.ow * params.stride_x - params.padding_x;
  let area = params.h * params.w;
  let base = params.x_offset + g * params.c * area + images_from(image, params.groups * params.c * area);
  let last = params.o - 1u - channel;
  let terms = params.c * params.kh * params.kw;
  let weights = params.w_offset + (g * params.o + channel) * terms;
  let channels = params.groups * params.o;
  let first = g * params.o + channel;
  var a0 = bias_of(first, channels); var a1 = bias_of(first + 1u, channels);
  var a2 = bias_of(first + 2u, channels); var a3 = bias_of(first + 3u, channels);
  var a4 = bias_of(first + 4u, channels); var a5 = bias_of(first + 5u, channels);
  var a6 = bias_of(first + 6u, channels); var a7 = bias_of(first + 7u, channels);
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
  var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f(); var b7 = vec4f();
  if (WIDE) {
    b0 = bias_of(first + 8u, channels); b1 = bias_of(first + 9u, channels);
    b2 = bias_of(first + 10u, channels); b3 = bias_of(first + 11u, channels);
    b4 = bias_of(first + 12u, channels); b5 = bias_of(first + 13u, channels);
    b6 = bias_of(first + 14u, channels); b7 = bias_of(first + 15u, channels);
  }
  var ky = 0u;
  var kx = 0u;
  var plane_of_c = 0u;
  for (var t = 0u; t < terms; t++) {
    let iy = top + ky * params.dilation_y; // wraps round where outside
    let ix = left + kx * params.dilation_x;
    let inside = iy < params.h && ix < params.w;
    let source = select(vec4u(), base + plane_of_c + iy * params.w + ix, inside);
    let v = select(vec4f(), vec4f(x[source.x], x[source.y], x[source.z], x[source.w]), inside);
    let k = weights + t;
    let m = mine(k, lane, terms, last);
    let l = low(m);
    let h = high(m);
    a0 += v * l.x; a1 += v * l.y; a2 += v * l.z; a3 += v * l.w;
    a4 += v * h.x; a5 += v * h.y; a6 += v * h.z; a7 += v * h.w;
    if (WIDE) {
      let m2 = mine(k, lane + 8u, terms, last);
      let l2 = low(m2);
      let h2 = high(m2);
      b0 += v * l2.x; b1 += v * l2.y; b2 += v * l2.z; b3 += v * l2.w;
      b4 += v * h2.x; b5 += v * h2.y; b6 += v * h2.z; b7 += v * h2.w;
    }
    kx++;
    let row_ends = kx == params.kw;
    kx = select(kx, 0u, row_ends);
    ky += u32(row_ends);
    let window_ends = ky == params.kh;
    ky = select(ky, 0u, window_ends);
    plane_of_c += select(0u, area, window_ends);
  }
  if (pixel >= pixels) { return; }
  let at = images_from(image, channels * plane) + first * plane + place;
  // one channel after the other in a loop of no fixed length: stores written out take long to compile
  for (var i = channel; i < min(channel + size, params.o); i++) {
    store(at + (i - channel) * plane, a0);
    a0 = a1; a1 = a2; a2 = a3; a3 = a4; a4 = a5; a5 = a6; a6 = a7;
    if (WIDE) { a7 = b0; b0 = b1; b1 = b2; b2 = b3; b3 = b4; b4 = b5; b5 = b6; b6 = b7; }
  }
}

// The first tap k with i − k · dilation divisible by the stride; the others follow `step` apart.
fn first_tap(i: u32, stride: u32, dilation: u32, step: u32, none: u32) -> u32 {
  for (var k = 0u; k < step; k++) {
    if (k * dilation % stride == i % stride) { return k; }
  }
  return none;
}

@compute @workgroup_size(LANES)
fn input(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let rows = (params.h + params.stride_y - 1u) / params.stride_y; // of a phase
  let columns = (params.w + params.stride_x - 1u) / params.stride_x;
  let pixels = (params.images + 3u) / 4u * rows * columns;
  let chunks = (pixels + LANES - 1u) / LANES;
  let size = select(8u, 16u, WIDE);
  let blocks = (params.c + size - 1u) / size;
  let tile = workgroup_index(group, groups);
  let phase = tile / chunks % (params.stride_y * params.stride_x);
  let rest = tile / chunks / (params.stride_y * params.stride_x);
  let channel = rest % blocks * size;
  let g = rest / blocks;
  if (g >= params.groups) { return; }
  let pixel = tile % chunks * LANES + lane;
  let image = pixel / (rows * columns) * 4u;
  let phase_y = phase / params.stride_x;
  let phase_x = phase % params.stride_x;
  let py = pixel / columns % rows * params.stride_y + phase_y;
  let px = pixel % columns * params.stride_x + phase_x;
  let there = pixel < pixels && py < params.h && px < params.w;
  let area = params.oh * params.ow;
  let base = params.y_offset + g * params.o * area + images_from(image, params.groups * params.o * area);
  let last = params.c - 1u - channel;
  let taps = params.kh * params.kw;
  let weights = params.w_offset + (g * params.o * params.c + channel) * taps;
  let channels = params.groups * params.c;
  let first = g * params.c + channel;
  var a0 = bias_of(first, channels); var a1 = bias_of(first + 1u, channels);
  var a2 = bias_of(first + 2u, channels); var a3 = bias_of(first + 3u, channels);
  var a4 = bias_of(first + 4u, channels); var a5 = bias_of(first + 5u, channels);
  var a6 = bias_of(first + 6u, channels); var a7 = bias_of(first + 7u, channels);
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
  var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f(); var b7 = vec4f();
  if (WIDE) {
    b0 = bias_of(first + 8u, channels); b1 = bias_of(first + 9u, channels);
    b2 = bias_of(first + 10u, channels); b3 = bias_of(first + 11u, channels);
    b4 = bias_of(first + 12u, channels); b5 = bias_of(first + 13u, channels);
    b6 = bias_of(first + 14u, channels); b7 = bias_of(first + 15u, channels);
  }
  let ky0 = first_tap(phase_y + params.padding_y, params.stride_y, params.dilation_y, params.step_y, params.kh);
  let kx0 = first_tap(phase_x + params.padding_x, params.stride_x, params.dilation_x, params.step_x, params.kw);
  // the first tap's pixel of y, without remainder, and how much further up and left that of the next one is
  let oy0 = (i32(py + params.padding_y) - i32(ky0 * params.dilation_y)) / i32(params.stride_y);
  let ox0 = (i32(px + params.padding_x) - i32(kx0 * params.dilation_x)) / i32(params.stride_x);
  let up = i32(params.step_y * params.dilation_y / params.stride_y);
  let left = i32(params.step_x * params.dilation_x / params.stride_x);
  let taps_y = (params.kh + params.step_y - 1u - ky0) / params.step_y; // of this phase
  let taps_x = (params.kw + params.step_x - 1u - kx0) / params.step_x;
  let terms = taps_y * taps_x * params.o;
  var i = 0u; // row and column among the phase's taps
  var j = 0u;
  var plane_of_o = 0u;
  var weights_of_o = weights + ky0 * params.kw + kx0;
  for (var t = 0u; t < terms; t++) {
    let oy = u32(oy0 - i32(i) * up); // wraps round where outside
    let ox = u32(ox0 - i32(j) * left);
    let inside = oy < params.oh && ox < params.ow;
    let source = select(vec4u(), base + plane_of_o + oy * params.ow + ox, inside);
    let v = select(vec4f(), vec4f(y[source.x], y[source.y], y[source.z], y[source.w]), inside);
    let k = weights_of_o + i * params.step_y * params.kw + j * params.step_x;
    let m = mine(k, lane, taps, last);
    let l = low(m);
    let h = high(m);
    a0 += v * l.x; a1 += v * l.y; a2 += v * l.z; a3 += v * l.w;
    a4 += v * h.x; a5 += v * h.y; a6 += v * h.z; a7 += v * h.w;
    if (WIDE) {
      let m2 = mine(k, lane + 8u, taps, last);
      let l2 = low(m2);
      let h2 = high(m2);
      b0 += v * l2.x; b1 += v * l2.y; b2 += v * l2.z; b3 += v * l2.w;
      b4 += v * h2.x; b5 += v * h2.y; b6 += v * h2.z; b7 += v * h2.w;
    }
    j++;
    let row_ends = j == taps_x;
    j = select(j, 0u, row_ends);
    i += u32(row_ends);
    let window_ends = i == taps_y;
    i = select(i, 0u, window_ends);
    plane_of_o += select(0u, area, window_ends);
    weights_of_o += select(0u, params.c * taps, window_ends);
  }
  if (!there) { return; }
  let plane = params.h * params.w;
  let at = images_from(image, channels * plane) + first * plane + py * params.w + px;
  // one channel after the other in a loop of no fixed length: stores written out take long to compile
  for (var i = channel; i < min(channel + size, params.c); i++) {
    store(at + (i - channel) * plane, a0);
    a0 = a1; a1 = a2; a2 = a3; a3 = a4; a4 = a5; a5 = a6; a6 = a7;
    if (WIDE) { a7 = b0; b0 = b1; b1 = b2; b2 = b3; b3 = b4; b4 = b5; b5 = b6; b6 = b7; }
  }
}

// y of eight channels at one place, as `mine` has their weights.
fn mine_of_y(at: u32, lane: u32, apart: u32, last: u32) -> vec2f {
  let own = y[at + min(lane, last) * apart];
  if (LANES == 8u) { return vec2f(own, 0.0); }
  return vec2f(own, y[at + min(lane + 4u, last) * apart]);
}

// Numbers in a part: weights, then sums for the bias.
fn part_size() -> u32 {
  return params.groups * params.o * params.c * params.kh * params.kw + params.bias_channels;
}

// The sum of one channel over a part's share of the images.
fn bias_part(channel: u32, part: u32) {
  if (channel >= params.bias_channels) { return; }
  let of_x = params.bias_of_x != 0u;
  let plane = select(params.oh * params.ow, params.h * params.w, of_x);
  let channels = params.groups * select(params.o, params.c, of_x);
  let share = (params.images + params.parts - 1u) / params.parts;
  let until = min((part + 1u) * share, params.images);
  var sum = 0.0;
  for (var n = part * share; n < until; n++) {
    let base = (n * channels + channel) * plane;
    var of_image = 0.0;
    if (of_x) {
      for (var i = base; i < base + plane; i++) { of_image += x[params.x_offset + i]; }
    } else {
      for (var i = base; i < base + plane; i++) { of_image += y[params.y_offset + i]; }
    }
    sum += of_image;
  }
  result[(part + 1u) * part_size() - params.bias_channels + channel] = sum;
}

// Part p of the result takes rows p · rows and on of all images' rows of y, in order.
@compute @workgroup_size(LANES)
fn weight(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let number = workgroup_index(group, groups);
  if (number >= params.tiles * params.parts) {
    let rest = number - params.tiles * params.parts;
    let blocks = (params.bias_channels + LANES - 1u) / LANES;
    if (blocks > 0u && rest < blocks * params.parts) { bias_part(rest % blocks * LANES + lane, rest / blocks); }
    return;
  }
  let taps = params.c * params.kh * params.kw;
  let tap_blocks = (taps + 4u * LANES - 1u) / (4u * LANES);
  let size = select(8u, 16u, WIDE);
  let blocks = (params.o + size - 1u) / size;
  let first = (number % tap_blocks * LANES + lane) * 4u; // taps past the last one are the last again, and are not stored
  let tap = min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(taps - 1u));
  let channel = number / tap_blocks % blocks * size;
  let g = number / tap_blocks / blocks % params.groups;
  let part = number / params.tiles;
  let dy = tap / params.kw % params.kh * params.dilation_y;
  let dx = tap % params.kw * params.dilation_x;
  let plane = params.h * params.w;
  let area = params.oh * params.ow;
  let x_of_tap = params.x_offset + (g * params.c + tap / (params.kw * params.kh)) * plane;
  let y_of_channel = params.y_offset + (g * params.o + channel) * area;
  let last = params.o - 1u - channel;
  var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); // taps, a vector for each channel
  var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f(); var a7 = vec4f();
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
  var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f(); var b7 = vec4f();
  let from_row = part * params.rows;
  let rows = min(from_row + params.rows, params.images * params.oh) - from_row;
  var n = from_row / params.oh;
  var oy = from_row % params.oh;
  var ox = 0u;
  for (var p = 0u; p < rows * params.ow; p++) {
    let iy = oy * params.stride_y + dy - params.padding_y; // wraps round where outside
    let ix = ox * params.stride_x + dx - params.padding_x;
    let inside = (iy < vec4u(params.h)) & (ix < vec4u(params.w));
    let source = select(vec4u(), n * params.groups * params.c * plane + x_of_tap + iy * params.w + ix, inside);
    let v = select(vec4f(), vec4f(x[source.x], x[source.y], x[source.z], x[source.w]), inside);
    let at = y_of_channel + (n * params.groups * params.o * params.oh + oy) * params.ow + ox;
    let m = mine_of_y(at, lane, area, last);
    let l = low(m);
    let h = high(m);
    a0 += v * l.x; a1 += v * l.y; a2 += v * l.z; a3 += v * l.w;
    a4 += v * h.x; a5 += v * h.y; a6 += v * h.z; a7 += v * h.w;
    if (WIDE) {
      let m2 = mine_of_y(at, lane + 8u, area, last);
      let l2 = low(m2);
      let h2 = high(m2);
      b0 += v * l2.x; b1 += v * l2.y; b2 += v * l2.z; b3 += v * l2.w;
      b4 += v * h2.x; b5 += v * h2.y; b6 += v * h2.z; b7 += v * h2.w;
    }
    ox++;
    let row_ends = ox == params.ow;
    ox = select(ox, 0u, row_ends);
    oy += u32(row_ends);
    let image_ends = oy == params.oh;
    oy = select(oy, 0u, image_ends);
    n += u32(image_ends);
  }
  let base = part * part_size() + g * params.o * taps;
  for (var o = channel; o < min(channel + size, params.o); o++) {
    let at = base + o * taps;
    if (first < taps) { result[at + first] = a0.x; }
    if (first + 1u < taps) { result[at + first + 1u] = a0.y; }
    if (first + 2u < taps) { result[at + first + 2u] = a0.z; }
    if (first + 3u < taps) { result[at + first + 3u] = a0.w; }
    a0 = a1; a1 = a2; a2 = a3; a3 = a4; a4 = a5; a5 = a6; a6 = a7;
    if (WIDE) { a7 = b0; b0 = b1; b1 = b2; b2 = b3; b3 = b4; b4 = b5; b5 = b6; b6 = b7; }
  }
}
