// What forward and input in subgroups share: lanes are pixels, in four images each
//
// All pixels of a subgroup need the weights of the same channels at the same tap: see lanes.wgsl.

import package::conv::subgroup::lanes::LANES;

@group(0) @binding(2) var<storage, read> w: array<f32>;

// This lane's weights of eight channels that lie `apart`.
fn weights_of(at: u32, lane: u32, apart: u32, last: u32) -> vec2f {
  let own = w[at + min(lane, last) * apart];
  if (LANES == 8u) { return vec2f(own, 0.0); }
  return vec2f(own, w[at + min(lane + 4u, last) * apart]);
}
