// Convolution of images, and its two gradients
//
//     forward   y[n,o,oy,ox] = b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix]
//     input     x[n,c,iy,ix] = b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox]      the transposed convolution
//     weight    w[o,c,ky,kx] =        Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]      in parts, and so Σ_{n,iy,ix} of
//               x or y for every channel: the gradient of b
//     total     sums the parts
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [images, groups · c, h, w]     y [images, groups · o, oh, ow]     w [groups · o, c, kh, kw]
//
// Forward and input end with y ← f(y), an activation. As gradients they end with · f′ instead, where what they are the
// gradient of came out of an f: relu, tanh and sigmoid have an f′ that follows from f.
//
// One relation between indices, summed in three ways: each kernel is the gradient of the other two.
//
// Why it is fast: memory accesses are what costs, so each number that is loaded is used many times over. In
// forward and input an invocation owns one position in four images and eight or four channels there: four
// loads of an image and two of weights feed 32 multiply-adds. For that, `pack` first lays the weights out
// so that neighbouring channels of the result are neighbours in memory. The same position in all four
// images means one bounds check for all, and with a stride one set of taps: in input, those k with
// (i + padding − k · dilation) divisible by the stride, counted from the first such k on, so that
// no invocation visits the others. In weight an invocation owns four taps and eight channels of y.

import package::lib::activation::{NONE, activate, slope};
import package::lib::grid::invocation_index;

override WIDE: bool = true; // eight channels an invocation, else four
override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f: none, relu, tanh, sigmoid
override BEHIND: u32 = NONE; // the f that the gradient passes through
override WORKGROUP: u32 = 64;

struct Params {
  threads: u32,
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
  x_offset: u32, // all offsets and strides in elements
  y_offset: u32,
  bias_offset: u32,
  activated_offset: u32,
  rows: u32, // weight: rows of y (images · oh) a part
  parts: u32,
  tiles: u32, // weight: invocations a part
  bias_channels: u32, // weight: channels whose sums are wanted
  bias_of_x: u32, // weight: 1 if they are channels of x, 0 if of y
  dw_offset: u32, // total
  db_offset: u32,
  w_offset: u32, // pack: of group, summed channel, channel of the result, tap row, tap column
  w_group: u32,
  w_summed: u32,
  w_channel: u32,
  w_row: u32,
  w_column: u32,
  summed: u32, // pack: channels that are summed over, and channels of the result, a group
  channels: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read> packed: array<vec4f>; // [groups, kh · kw, summed, channels / 4]
@group(0) @binding(5) var<storage, read> bias: array<f32>;
@group(0) @binding(6) var<storage, read> activated: array<f32>; // of the result's shape
@group(0) @binding(7) var<storage, read_write> result: array<f32>;
@group(0) @binding(8) var<storage, read> partial: array<f32>; // total: what weight left
@group(0) @binding(9) var<storage, read_write> packing: array<vec4f>;

// vec4s that a row of packed channels takes: whole blocks, filled up with zeros.
fn row_length(channels: u32) -> u32 {
  if (WIDE) { return (channels + 7u) / 8u * 2u; }
  return (channels + 3u) / 4u;
}

@compute @workgroup_size(WORKGROUP)
fn pack(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.threads) { return; }
  let row = row_length(params.channels);
  let channel = i % row * 4u;
  let summed = i / row % params.summed;
  let tap = i / row / params.summed % (params.kh * params.kw);
  let g = i / row / params.summed / (params.kh * params.kw);
  let at = params.w_offset + g * params.w_group + summed * params.w_summed
    + tap / params.kw * params.w_row + tap % params.kw * params.w_column;
  var v = vec4f();
  for (var j = 0u; j < 4u; j++) {
    if (channel + j < params.channels) { v[j] = w[at + (channel + j) * params.w_channel]; }
  }
  packing[i] = v;
}

// What an invocation of forward or input owns.
struct Place {
  position: u32, // in the plane
  channel: u32, // the first of the block, in its group
  g: u32,
  image: u32, // the first of four
}

fn place(t: u32, plane: u32, channels: u32) -> Place {
  let size = select(4u, 8u, WIDE);
  let blocks = (channels + size - 1u) / size;
  let rest = t / plane;
  return Place(t % plane, rest % blocks * size, rest / blocks % params.groups, rest / blocks / params.groups * 4u);
}

// Four images; past the last one it is the last again, and nothing is stored for it.
fn images_from(first: u32) -> vec4u {
  return min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(params.images - 1u));
}

// b for four channels, or the share of nothing.
fn bias_at(g: u32, channel: u32, channels: u32) -> vec4f {
  var v = vec4f();
  if (BIAS) {
    for (var j = 0u; j < 4u; j++) {
      if (channel + j < channels) { v[j] = bias[params.bias_offset + g * channels + channel + j]; }
    }
  }
  return v;
}

fn put(at: u32, v: f32) {
  if (BEHIND == NONE) { result[at] = activate(ACTIVATION, v); } else { result[at] = v * slope(BEHIND, activated[params.activated_offset + at]); }
}

// Four channels of one image. Called in loops of no fixed length: written out, stores take drivers long to compile.
fn store(at: Place, image: u32, ahead: u32, plane: u32, channels: u32, v: vec4f) {
  let channel = at.channel + ahead;
  let base = ((image * params.groups + at.g) * channels + channel) * plane + at.position;
  if (channel < channels) { put(base, v.x); }
  if (channel + 1u < channels) { put(base + plane, v.y); }
  if (channel + 2u < channels) { put(base + 2u * plane, v.z); }
  if (channel + 3u < channels) { put(base + 3u * plane, v.w); }
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let t = invocation_index(id, groups, WORKGROUP);
  if (t >= params.threads) { return; }
  let plane = params.oh * params.ow;
  let at = place(t, plane, params.o);
  let oy = at.position / params.ow;
  let ox = at.position % params.ow;
  let area = params.h * params.w;
  let base = params.x_offset + (images_from(at.image) * params.groups + at.g) * params.c * area;
  let row = row_length(params.o);
  let low = bias_at(at.g, at.channel, params.o);
  let high = bias_at(at.g, at.channel + 4u, params.o);
  var a0 = low; var a1 = low; var a2 = low; var a3 = low; // channels 0 to 3 in the four images
  var b0 = high; var b1 = high; var b2 = high; var b3 = high; // channels 4 to 7
  for (var ky = 0u; ky < params.kh; ky++) {
    let iy = oy * params.stride_y + ky * params.dilation_y - params.padding_y; // wraps round where outside
    if (iy >= params.h) { continue; }
    for (var kx = 0u; kx < params.kw; kx++) {
      let ix = ox * params.stride_x + kx * params.dilation_x - params.padding_x;
      if (ix >= params.w) { continue; }
      var source = base + iy * params.w + ix;
      var k = ((at.g * params.kh + ky) * params.kw + kx) * params.c * row + at.channel / 4u;
      for (var c = 0u; c < params.c; c++) {
        let v = vec4f(x[source.x], x[source.y], x[source.z], x[source.w]);
        let wa = packed[k];
        a0 += v.x * wa; a1 += v.y * wa; a2 += v.z * wa; a3 += v.w * wa;
        if (WIDE) {
          let wb = packed[k + 1u];
          b0 += v.x * wb; b1 += v.y * wb; b2 += v.z * wb; b3 += v.w * wb;
        }
        source += area;
        k += row;
      }
    }
  }
  for (var image = at.image; image < min(at.image + 4u, params.images); image++) {
    store(at, image, 0u, plane, params.o, a0);
    if (WIDE) { store(at, image, 4u, plane, params.o, b0); }
    a0 = a1; a1 = a2; a2 = a3;
    b0 = b1; b1 = b2; b2 = b3;
  }
}

// The first tap k with i − k · dilation divisible by the stride; the others follow `step` apart.
fn first_tap(i: u32, stride: u32, dilation: u32, step: u32, none: u32) -> u32 {
  for (var k = 0u; k < step; k++) {
    if (k * dilation % stride == i % stride) { return k; }
  }
  return none;
}

@compute @workgroup_size(WORKGROUP)
fn input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let t = invocation_index(id, groups, WORKGROUP);
  if (t >= params.threads) { return; }
  let plane = params.h * params.w;
  let at = place(t, plane, params.c);
  let iy = at.position / params.w + params.padding_y;
  let ix = at.position % params.w + params.padding_x;
  let area = params.oh * params.ow;
  let base = params.y_offset + (images_from(at.image) * params.groups + at.g) * params.o * area;
  let row = row_length(params.c);
  let ky0 = first_tap(iy, params.stride_y, params.dilation_y, params.step_y, params.kh);
  let kx0 = first_tap(ix, params.stride_x, params.dilation_x, params.step_x, params.kw);
  let low = bias_at(at.g, at.channel, params.c);
  let high = bias_at(at.g, at.channel + 4u, params.c);
  var a0 = low; var a1 = low; var a2 = low; var a3 = low;
  var b0 = high; var b1 = high; var b2 = high; var b3 = high;
  for (var ky = ky0; ky < params.kh; ky += params.step_y) {
    let oy = (iy - ky * params.dilation_y) / params.stride_y;
    if (iy < ky * params.dilation_y || oy >= params.oh) { continue; }
    for (var kx = kx0; kx < params.kw; kx += params.step_x) {
      let ox = (ix - kx * params.dilation_x) / params.stride_x;
      if (ix < kx * params.dilation_x || ox >= params.ow) { continue; }
      var source = base + oy * params.ow + ox;
      var k = ((at.g * params.kh + ky) * params.kw + kx) * params.o * row + at.channel / 4u;
      for (var o = 0u; o < params.o; o++) {
        let v = vec4f(y[source.x], y[source.y], y[source.z], y[source.w]);
        let wa = packed[k];
        a0 += v.x * wa; a1 += v.y * wa; a2 += v.z * wa; a3 += v.w * wa;
        if (WIDE) {
          let wb = packed[k + 1u];
          b0 += v.x * wb; b1 += v.y * wb; b2 += v.z * wb; b3 += v.w * wb;
        }
        source += area;
        k += row;
      }
    }
  }
  for (var image = at.image; image < min(at.image + 4u, params.images); image++) {
    store(at, image, 0u, plane, params.c, a0);
    if (WIDE) { store(at, image, 4u, plane, params.c, b0); }
    a0 = a1; a1 = a2; a2 = a3;
    b0 = b1; b1 = b2; b2 = b3;
  }
}

// Numbers in a part: weights, then sums for the bias.
fn part_size() -> u32 {
  return params.groups * params.o * params.c * params.kh * params.kw + params.bias_channels;
}

// The sum of one channel over a part's share of the images.
fn bias_part(channel: u32, part: u32) {
  let of_x = params.bias_of_x != 0u;
  let plane = select(params.oh * params.ow, params.h * params.w, of_x);
  let channels = params.groups * select(params.o, params.c, of_x);
  let share = (params.images + params.parts - 1u) / params.parts;
  var sum = 0.0;
  for (var n = part * share; n < min((part + 1u) * share, params.images); n++) {
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
@compute @workgroup_size(WORKGROUP)
fn weight(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let t = invocation_index(id, groups, WORKGROUP);
  if (t >= params.threads) { return; }
  if (t >= params.tiles * params.parts) {
    let rest = t - params.tiles * params.parts;
    bias_part(rest % params.bias_channels, rest / params.bias_channels);
    return;
  }
  let taps = params.c * params.kh * params.kw;
  let tap_blocks = (taps + 3u) / 4u;
  let o_blocks = (params.o + 7u) / 8u;
  let tap = min(vec4u(t % tap_blocks * 4u) + vec4u(0u, 1u, 2u, 3u), vec4u(taps - 1u));
  let o = t / tap_blocks % o_blocks * 8u;
  let g = t / tap_blocks / o_blocks % params.groups;
  let part = t / tap_blocks / o_blocks / params.groups;
  let ky = tap / params.kw % params.kh;
  let dy = ky * params.dilation_y;
  let dx = tap % params.kw * params.dilation_x;
  let plane = params.h * params.w;
  let area = params.oh * params.ow;
  let c = tap / (params.kw * params.kh) * plane;
  let last = params.o - 1u; // channels past the last are the last again
  let low = min(vec4u(o, o + 1u, o + 2u, o + 3u), vec4u(last)) * area;
  let high = min(vec4u(o + 4u, o + 5u, o + 6u, o + 7u), vec4u(last)) * area;
  var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); // taps, for channel o + 0, 1, 2, 3
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f(); // for channel o + 4, 5, 6, 7
  let from_row = part * params.rows;
  let rows = min(from_row + params.rows, params.images * params.oh) - from_row;
  var n = from_row / params.oh;
  var oy = from_row % params.oh;
  var ox = 0u;
  for (var p = 0u; p < rows * params.ow; p++) {
    let iy = oy * params.stride_y + dy - params.padding_y; // wraps round where outside
    let ix = ox * params.stride_x + dx - params.padding_x;
    let inside = (iy < vec4u(params.h)) & (ix < vec4u(params.w));
    let x_of_image = params.x_offset + (n * params.groups + g) * params.c * plane;
    let source = select(vec4u(), x_of_image + c + iy * params.w + ix, inside);
    let v = select(vec4f(), vec4f(x[source.x], x[source.y], x[source.z], x[source.w]), inside);
    let y_at = params.y_offset + ((n * params.groups + g) * params.o * params.oh + oy) * params.ow + ox;
    a0 += v * y[y_at + low.x]; a1 += v * y[y_at + low.y]; a2 += v * y[y_at + low.z]; a3 += v * y[y_at + low.w];
    if (WIDE) {
      b0 += v * y[y_at + high.x]; b1 += v * y[y_at + high.y]; b2 += v * y[y_at + high.z]; b3 += v * y[y_at + high.w];
    }
    ox++;
    let row_ends = ox == params.ow;
    ox = select(ox, 0u, row_ends);
    oy += u32(row_ends);
    let image_ends = oy == params.oh;
    oy = select(oy, 0u, image_ends);
    n += u32(image_ends);
  }
  let base = part * part_size() + (g * params.o + o) * taps + t % tap_blocks * 4u;
  let width = taps - t % tap_blocks * 4u;
  for (var channel = o; channel < min(o + 8u, params.o); channel++) {
    store_taps(base + (channel - o) * taps, width, a0);
    a0 = a1; a1 = a2; a2 = a3; a3 = b0;
    b0 = b1; b1 = b2; b2 = b3;
  }
}

fn store_taps(at: u32, width: u32, v: vec4f) {
  result[at] = v.x;
  if (width > 1u) { result[at + 1u] = v.y; }
  if (width > 2u) { result[at + 2u] = v.z; }
  if (width > 3u) { result[at + 3u] = v.w; }
}

@compute @workgroup_size(WORKGROUP)
fn total(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.threads) { return; }
  var sum = 0.0;
  for (var part = 0u; part < params.parts; part++) { sum += partial[part * params.threads + i]; }
  let weights = params.threads - params.bias_channels;
  if (i < weights) { result[params.dw_offset + i] = sum; } else { result[params.db_offset + i - weights] = sum; }
}
