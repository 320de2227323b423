// Products that are added to something
//
// A compiler may fuse a · b + c into one instruction, which rounds once where two round twice. The
// compilers of GPUs do. With HELD a product is held (see bits.wgsl), and all adapters round twice:
// init({ reproducible: true }) sets it.

import package::lib::bits::{held, held4};

override HELD: bool = false;

fn once(p: f32) -> f32 {
  if (HELD) { return held(p); }
  return p;
}

fn once4(p: vec4f) -> vec4f {
  if (HELD) { return held4(p); }
  return p;
}

fn times(v: f32, d: f32) -> f32 { return once(v * d); }
fn times4(v: vec4f, d: f32) -> vec4f { return once4(v * d); }
