// What forward and input share, in registers and in subgroups: several channels of one position in
// four images, per invocation
//
// Memory accesses are what costs: four loads of an image and one weight per channel feed 16 to 64
// multiply-adds. The same position in all four images means one bounds check for all of them, and
// with a stride one set of taps.

import package::conv::ending::{ACTIVATION, BEHIND, bias_of, put_gradient, result};
import package::conv::geometry::params;
import package::lib::activation::{NONE, activate4};
import package::lib::four::four_from;

override CHANNELS: u32 = 8; // per invocation: 4, 8 or 16

// The four images, per channel.
alias Sums = array<vec4f, 16>;

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
  if (CHANNELS < 8u) { return sums; }
  sums[4] = bias4(first + 4u, channels);
  sums[5] = bias4(first + 5u, channels);
  sums[6] = bias4(first + 6u, channels);
  sums[7] = bias4(first + 7u, channels);
  if (CHANNELS < 16u) { return sums; }
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
