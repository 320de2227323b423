// √x, where a driver may take a subnormal x for 0
//
// A subnormal x is a whole number k of 2⁻¹⁴⁹, and √(k · 2⁻¹⁴⁹) = √(2k) · 2⁻⁷⁵.

import package::lib::bits::not_a_number;

fn root(v: f32) -> f32 {
  let units = bitcast<u32>(v);
  let subnormal = units > 0u && units < 0x00800000u;
  let near = sqrt(2.0 * f32(min(units, 0x00800000u))) * 0x1p-75f;
  return select(select(sqrt(v), near, subnormal), not_a_number(), units > 0x80000000u);
}

fn root4(v: vec4f) -> vec4f {
  return vec4f(root(v.x), root(v.y), root(v.z), root(v.w));
}
