// What the sums of forward and input begin with, and what becomes of them
//
//     result = f(b + Σ)          or, as a gradient,     result = Σ · f′(z)
//
// As a gradient the result belongs to an image that came out of an f itself: `activated` = f(z),
// from which f′(z) follows.

import package::conv::geometry::params;
import package::lib::activation::{NONE, activate, slope};

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f
override BEHIND: u32 = NONE; // the f of f′

@group(0) @binding(3) var<storage, read> bias: array<f32>; // [channels of the result]
@group(0) @binding(4) var<storage, read> activated: array<f32>; // of the result's shape
@group(0) @binding(5) var<storage, read_write> result: array<f32>;

// b of a channel, of which there are so many; past the last it is the last again.
fn bias_of(channel: u32, channels: u32) -> f32 {
  if (!BIAS) { return 0.0; }
  return bias[params.bias_offset + min(channel, channels - 1u)];
}

fn put(at: u32, sum: f32) {
  if (BEHIND == NONE) {
    result[at] = activate(ACTIVATION, sum);
  } else {
    put_gradient(at, sum);
  }
}

fn put_gradient(at: u32, sum: f32) {
  result[at] = sum * slope(BEHIND, activated[params.activated_offset + at]);
}
