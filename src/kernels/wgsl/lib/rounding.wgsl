// Whole numbers near a number, by its bits: −0 and NaN stay, and subnormal numbers are not 0

import package::lib::nan::is_nan;

// Without the fraction. A float's exponent says how many of its last bits are fraction.
fn whole_part(v: f32) -> f32 {
  let pattern = bitcast<u32>(v);
  let exponent = i32((pattern >> 23u) & 255u) - 127;
  if (exponent >= 23) { return v; }
  if (exponent < 0) { return bitcast<f32>(pattern & 0x80000000u); }
  return bitcast<f32>(pattern & ~(0x007fffffu >> u32(exponent)));
}

fn floor_of(v: f32) -> f32 {
  let toward_0 = whole_part(v);
  let below = bitcast<u32>(v) > 0x80000000u && bitcast<u32>(toward_0) != bitcast<u32>(v);
  return select(toward_0, toward_0 - 1.0, below && !is_nan(v));
}

fn ceiling(v: f32) -> f32 {
  let opposite = bitcast<f32>(bitcast<u32>(v) ^ 0x80000000u); // −v may be 0 for a subnormal v
  return bitcast<f32>(bitcast<u32>(floor_of(opposite)) ^ 0x80000000u);
}

// The nearest; of two, the even one.
fn even(v: f32) -> f32 {
  let toward_0 = whole_part(v);
  let size = abs(toward_0);
  let fraction = abs(v) - size; // exact
  let odd = size < 8388608.0 && (u32(min(size, 8388608.0)) & 1u) == 1u;
  let up = fraction > 0.5 || (fraction == 0.5 && odd);
  let rounded = bitcast<u32>(size + 1.0) | (bitcast<u32>(v) & 0x80000000u);
  return select(toward_0, bitcast<f32>(rounded), up && !is_nan(v));
}
