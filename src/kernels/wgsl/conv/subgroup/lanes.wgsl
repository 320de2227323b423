// What the subgroup kernels of convolution share: sums of eight or sixteen channels per invocation
//
// For adapters that compute on the CPU. There loads cost, and a broadcast within a subgroup is
// almost free. All lanes need the same channels' numbers: each lane loads those of one channel of
// eight (of two, where a subgroup has four lanes), and they are broadcast. A lane multiplies them
// by a vec4 of its own: so a few loads feed 32 or 64 multiply-adds.

import package::conv::images::{CHANNELS, Sums};
import package::lib::products::times4;

override LANES: u32 = 8; // of a subgroup: 4 or 8

// Of eight channels, from the lanes: the first four, and the last four.
fn low(mine: vec2f) -> vec4f {
  return vec4f(
    subgroupBroadcast(mine.x, 0u), subgroupBroadcast(mine.x, 1u),
    subgroupBroadcast(mine.x, 2u), subgroupBroadcast(mine.x, 3u),
  );
}

fn high(mine: vec2f) -> vec4f {
  if (LANES == 4u) { return low(mine.yx); }
  return vec4f(
    subgroupBroadcast(mine.x, 4u), subgroupBroadcast(mine.x, 5u),
    subgroupBroadcast(mine.x, 6u), subgroupBroadcast(mine.x, 7u),
  );
}

// Adds v times the numbers that the lanes hold to the sums of eight channels.
fn add(sums: ptr<function, Sums>, first: u32, v: vec4f, mine: vec2f) {
  let l = low(mine);
  let h = high(mine);
  (*sums)[first] += times4(v, l.x);
  (*sums)[first + 1u] += times4(v, l.y);
  (*sums)[first + 2u] += times4(v, l.z);
  (*sums)[first + 3u] += times4(v, l.w);
  (*sums)[first + 4u] += times4(v, h.x);
  (*sums)[first + 5u] += times4(v, h.y);
  (*sums)[first + 6u] += times4(v, h.z);
  (*sums)[first + 7u] += times4(v, h.w);
}

// Shifts the sums along, so that the next channel's is the first. Written out: some drivers keep an
// array in memory once it is indexed by a variable.
fn shift(sums: ptr<function, Sums>) {
  (*sums)[0] = (*sums)[1]; (*sums)[1] = (*sums)[2]; (*sums)[2] = (*sums)[3];
  (*sums)[3] = (*sums)[4]; (*sums)[4] = (*sums)[5]; (*sums)[5] = (*sums)[6];
  (*sums)[6] = (*sums)[7];
  if (CHANNELS < 16u) { return; }
  (*sums)[7] = (*sums)[8]; (*sums)[8] = (*sums)[9]; (*sums)[9] = (*sums)[10];
  (*sums)[10] = (*sums)[11]; (*sums)[11] = (*sums)[12]; (*sums)[12] = (*sums)[13];
  (*sums)[13] = (*sums)[14]; (*sums)[14] = (*sums)[15];
}
