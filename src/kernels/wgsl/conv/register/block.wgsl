// What forward and input in registers share: the block of the result that an invocation computes
//
// A block is one position in four images, and eight or four channels there. Memory accesses are
// what costs. Four loads of an image and two of weights feed 32 multiply-adds. The same position in
// all four images means one bounds check for all of them, and with a stride one set of taps.

import package::conv::ending::{bias_of, put};
import package::conv::geometry::params;

override WIDE: bool = true; // eight channels per invocation, else four

struct Block {
  pixel: u32, // in the plane
  channel: u32, // the first one, in its group
  g: u32,
  image: u32, // the first of four
}

fn block_of(number: u32, plane: u32, channels: u32) -> Block {
  let size = select(4u, 8u, WIDE);
  let blocks = (channels + size - 1u) / size;
  let rest = number / plane;
  let g = rest / blocks % params.groups;
  return Block(number % plane, rest % blocks * size, g, rest / blocks / params.groups * 4u);
}

// Packed weights: vec4s per row of channels. A row is whole blocks, filled up with zeros.
fn row_length(channels: u32) -> u32 {
  if (WIDE) { return (channels + 7u) / 8u * 2u; }
  return (channels + 3u) / 4u;
}

// b of four channels of a block, from `ahead` on.
fn bias_at(own: Block, ahead: u32, channels: u32) -> vec4f {
  let first = own.g * channels + own.channel + ahead;
  let all = params.groups * channels;
  return vec4f(
    bias_of(first, all), bias_of(first + 1u, all),
    bias_of(first + 2u, all), bias_of(first + 3u, all),
  );
}

// Stores four channels of one image. Called in loops whose length is not known: written out, stores
// take drivers long to compile.
fn store(own: Block, image: u32, ahead: u32, plane: u32, channels: u32, v: vec4f) {
  let channel = own.channel + ahead;
  let of_image = (image * params.groups + own.g) * channels;
  let at = (of_image + channel) * plane + own.pixel;
  if (channel < channels) { put(at, v.x); }
  if (channel + 1u < channels) { put(at + plane, v.y); }
  if (channel + 2u < channels) { put(at + 2u * plane, v.z); }
  if (channel + 3u < channels) { put(at + 3u * plane, v.w); }
}
