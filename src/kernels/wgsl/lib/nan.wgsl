// Whether a number is NaN, by its bits
//
// WGSL lets a driver assume that there are no NaNs: it may take v != v for false, and drop a NaN in
// min, max and comparisons. The bit pattern of a number is a whole number, about which nothing may
// be assumed.

fn is_nan(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u;
}

fn is_nan4(v: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(v) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

// The larger one, or NaN if one of them is. `max` may drop a NaN, and a comparison with one is
// false.
fn larger(a: f32, b: f32) -> f32 {
  return select(a, b, is_nan(b) || b > a);
}
