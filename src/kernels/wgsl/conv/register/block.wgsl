// What forward and input in registers share: the block of the result that an invocation computes
//
// A block is one position in four images, and 4, 8 or 16 channels there: see images.wgsl. All
// invocations of a workgroup compute the same channels at different positions. So the address of
// the weights is the same in all of them: a GPU loads the weights once per subgroup, or once per
// workgroup from a cache.
//
// A large convolution has its weights packed before, with the channels side by side (pack.wgsl). In
// a small one that launch takes longer than it saves, and a weight is loaded on its own.

import package::conv::geometry::params;
import package::conv::images::{CHANNELS, Sums, images_from, store};
import package::lib::products::times4;

override WORKGROUP: u32 = 64;

override PACKED: bool = true;

@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(6) var<storage, read> packed: array<vec4f>;

struct Block {
  pixel: u32, // among the positions of all images, four images at a time
  channel: u32, // the first one, in its group
  g: u32,
  row: u32, // vec4s of packed weights per tap and summed channel
}

fn block_of(number: u32, lane: u32, pixels: u32, channels: u32) -> Block {
  let chunks = (pixels + WORKGROUP - 1u) / WORKGROUP;
  let blocks = (channels + CHANNELS - 1u) / CHANNELS;
  let rest = number / chunks;
  let pixel = number % chunks * WORKGROUP + lane;
  return Block(pixel, rest % blocks * CHANNELS, rest / blocks, row_length(channels));
}

// Packed weights: vec4s per row of channels. A row is whole blocks, filled up with zeros.
fn row_length(channels: u32) -> u32 {
  return (channels + CHANNELS - 1u) / CHANNELS * (CHANNELS / 4u);
}

// How far the weights of a block lie apart: in w, or in vec4s where they are packed.
struct Steps {
  first: u32, // where they begin
  tap: u32, summed: u32,
  channel: u32, // in w alone
}

// `taps`, and how many channels are `summed`, per group; `at` is where the block's begin in w.
fn steps_of(own: Block, taps: u32, summed: u32, at: u32, of_summed: u32, of_channel: u32) -> Steps {
  if (PACKED) {
    let first = own.g * taps * summed * own.row + own.channel / 4u;
    return Steps(first, summed * own.row, own.row, 0u);
  }
  return Steps(params.w_offset + at, 1u, of_summed, of_channel);
}

// The weights of a block's channels, from k on. Those past the last channel are of no use.
fn weights_of(k: u32, apart: u32) -> mat4x4f {
  let none = vec4f();
  if (CHANNELS < 8u) { return mat4x4f(four(k, 0u, apart), none, none, none); }
  if (CHANNELS < 16u) { return mat4x4f(four(k, 0u, apart), four(k, 1u, apart), none, none); }
  return mat4x4f(four(k, 0u, apart), four(k, 1u, apart), four(k, 2u, apart), four(k, 3u, apart));
}

fn four(k: u32, q: u32, apart: u32) -> vec4f {
  if (PACKED) { return packed[k + q]; }
  let at = k + 4u * q * apart;
  return vec4f(w[at], w[at + apart], w[at + 2u * apart], w[at + 3u * apart]);
}

// Adds v times a block's weights to the sums.
fn add(sums: ptr<function, Sums>, v: vec4f, weights: mat4x4f) {
  (*sums)[0] += times4(v, weights[0].x);
  (*sums)[1] += times4(v, weights[0].y);
  (*sums)[2] += times4(v, weights[0].z);
  (*sums)[3] += times4(v, weights[0].w);
  if (CHANNELS < 8u) { return; }
  (*sums)[4] += times4(v, weights[1].x);
  (*sums)[5] += times4(v, weights[1].y);
  (*sums)[6] += times4(v, weights[1].z);
  (*sums)[7] += times4(v, weights[1].w);
  if (CHANNELS < 16u) { return; }
  (*sums)[8] += times4(v, weights[2].x);
  (*sums)[9] += times4(v, weights[2].y);
  (*sums)[10] += times4(v, weights[2].z);
  (*sums)[11] += times4(v, weights[2].w);
  (*sums)[12] += times4(v, weights[3].x);
  (*sums)[13] += times4(v, weights[3].y);
  (*sums)[14] += times4(v, weights[3].z);
  (*sums)[15] += times4(v, weights[3].w);
}

// Stores the block, four channels per loop iteration. The length of the loop is not known: stores
// that are all written out take drivers long to compile.
fn store_block(own: Block, image: u32, position: u32, plane: u32, channels: u32,
               all: ptr<function, Sums>) {
  let origin = images_from(image, params.groups * channels * plane) + own.g * channels * plane
    + position;
  for (var c = own.channel; c < min(own.channel + CHANNELS, channels); c += 4u) {
    let at = origin + c * plane;
    store(at, (*all)[0]);
    if (c + 1u < channels) { store(at + plane, (*all)[1]); }
    if (c + 2u < channels) { store(at + 2u * plane, (*all)[2]); }
    if (c + 3u < channels) { store(at + 3u * plane, (*all)[3]); }
    if (CHANNELS < 8u) { return; }
    (*all)[0] = (*all)[4]; (*all)[1] = (*all)[5]; (*all)[2] = (*all)[6]; (*all)[3] = (*all)[7];
    if (CHANNELS < 16u) { continue; }
    (*all)[4] = (*all)[8]; (*all)[5] = (*all)[9]; (*all)[6] = (*all)[10]; (*all)[7] = (*all)[11];
    (*all)[8] = (*all)[12]; (*all)[9] = (*all)[13];
    (*all)[10] = (*all)[14]; (*all)[11] = (*all)[15];
  }
}
