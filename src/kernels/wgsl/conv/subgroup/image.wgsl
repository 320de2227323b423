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

fn biases(first: u32, channels: u32) -> Sums {
  var sums: Sums;
  for (var i = 0u; i < select(8u, 16u, WIDE); i++) {
    sums[i] = vec4f(bias_of(first + i, channels));
  }
  return sums;
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
