// What forward and input in subgroups share: lanes are pixels, in four images each
//
// All pixels of a subgroup need the weights of the same channels at the same tap: see lanes.wgsl.

import package::conv::ending::{ACTIVATION, BEHIND, bias_of, put_gradient, result};
import package::conv::geometry::params;
import package::conv::subgroup::lanes::{LANES, Sums, WIDE};
import package::lib::activation::{NONE, activate4};
import package::lib::four::four_from;

@group(0) @binding(2) var<storage, read> w: array<f32>;

// This lane's weights of eight channels that lie `apart`.
fn weights_of(at: u32, lane: u32, apart: u32, last: u32) -> vec2f {
  let own = w[at + min(lane, last) * apart];
  if (LANES == 8u) { return vec2f(own, 0.0); }
  return vec2f(own, w[at + min(lane + 4u, last) * apart]);
}

// Where four images begin that follow each other; past the last one it is the last again.
fn images_from(first: u32, size: u32) -> vec4u {
  return four_from(first, params.images) * size;
}

// What the sums begin with.
fn biases(first: u32, channels: u32) -> Sums {
  var sums: Sums;
  sums[0] = bias4(first, channels);
  sums[1] = bias4(first + 1u, channels);
  sums[2] = bias4(first + 2u, channels);
  sums[3] = bias4(first + 3u, channels);
  sums[4] = bias4(first + 4u, channels);
  sums[5] = bias4(first + 5u, channels);
  sums[6] = bias4(first + 6u, channels);
  sums[7] = bias4(first + 7u, channels);
  if (!WIDE) { return sums; }
  sums[8] = bias4(first + 8u, channels);
  sums[9] = bias4(first + 9u, channels);
  sums[10] = bias4(first + 10u, channels);
  sums[11] = bias4(first + 11u, channels);
  sums[12] = bias4(first + 12u, channels);
  sums[13] = bias4(first + 13u, channels);
  sums[14] = bias4(first + 14u, channels);
  sums[15] = bias4(first + 15u, channels);
  return sums;
}

fn bias4(channel: u32, channels: u32) -> vec4f {
  return vec4f(bias_of(channel, channels));
}

// Stores one channel of four images, the last of them first: images past the last one go to the
// last one, which is then overwritten with its own values.
fn store(at: vec4u, sum: vec4f) {
  let v = activate4(ACTIVATION, sum);
  store_one(at.w, v.w);
  store_one(at.z, v.z);
  store_one(at.y, v.y);
  store_one(at.x, v.x);
}

fn store_one(at: u32, v: f32) {
  if (BEHIND == NONE) { result[at] = v; } else { put_gradient(at, v); }
}
