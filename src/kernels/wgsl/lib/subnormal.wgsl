// v · d and v / d, where a driver may take a subnormal number for 0
//
// What the driver computes well within the range is its own result. Elsewhere the significands are
// multiplied or divided, numbers from 1 to 2, and the result gets its exponent afterwards. A
// subnormal number is a whole number of 2⁻¹⁴⁹.

import package::lib::bits::{infinity, scaled};

// |v| = m · 2ⁿ for a finite v that is not 0, with m from 1 to 2.
struct Significand { m: f32, n: i32 }

fn significand(v: f32) -> Significand {
  let whole = bitcast<i32>(v) & 0x7fffffff;
  let subnormal = whole < 0x00800000;
  let pattern = select(whole, bitcast<i32>(f32(whole)), subnormal);
  let m = bitcast<f32>((pattern & 0x007fffff) | 0x3f800000);
  return Significand(m, (pattern >> 23u) - select(127, 276, subnormal));
}

// 0, infinite or NaN
fn is_special(v: f32) -> bool {
  let size = bitcast<u32>(v) & 0x7fffffffu;
  return size == 0u || size >= 0x7f800000u;
}

// The sign of v · d on a size that is not negative.
fn signed(size: f32, v: f32, d: f32) -> f32 {
  let sign = (bitcast<u32>(v) ^ bitcast<u32>(d)) & 0x80000000u;
  return bitcast<f32>(bitcast<u32>(size) | sign);
}

fn product(v: f32, d: f32) -> f32 {
  let plain = v * d;
  let normal = (bitcast<u32>(plain) & 0x7fffffffu) >= 0x01000000u;
  if (normal || is_special(v) || is_special(d)) { return plain; }
  let one = significand(v);
  let other = significand(d);
  return signed(scaled(one.m * other.m, one.n + other.n), v, d);
}

fn quotient(v: f32, d: f32) -> f32 {
  let top = bitcast<u32>(v) & 0x7fffffffu;
  let below = bitcast<u32>(d) & 0x7fffffffu;
  let ratio = i32(top >> 23u) - i32(below >> 23u);
  let normal = top >= 0x00800000u && below >= 0x00800000u && ratio > -124;
  if (normal || is_special(v) || is_special(d)) { return v / d; }
  let over = significand(v);
  let under = significand(d);
  let n = over.n - under.n;
  let size = select(scaled(over.m / under.m, min(n, 127)), infinity(), n > 127);
  return signed(size, v, d);
}

fn product4(v: vec4f, d: vec4f) -> vec4f {
  return vec4f(product(v.x, d.x), product(v.y, d.y), product(v.z, d.z), product(v.w, d.w));
}

fn quotient4(v: vec4f, d: vec4f) -> vec4f {
  return vec4f(quotient(v.x, d.x), quotient(v.y, d.y), quotient(v.z, d.z), quotient(v.w, d.w));
}
