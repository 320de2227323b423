// Numbers by their bits, where a compiler may not think along
//
// WGSL lets a driver fuse a · b + c, reorder a sum, simplify (a + b) − a to b, and take a subnormal
// number for 0. Four rules keep the functions of this folder the same on every driver:
//
//     parts of a number are taken by masks of its bits, not by subtraction
//     what is added to something is held: its bits pass a minimum of whole numbers that leaves them
//       as they are, and no rule of algebra reaches through that. An exact product needs no hold
//     powers of two and subnormal numbers are put together from whole numbers
//     comparisons that a subnormal number may meet compare whole numbers
//
// W. J. Cody & W. Waite 1980, Software Manual for the Elementary Functions; J.-M. Muller 2016,
// Elementary Functions. The coefficients of all polynomials are own minimax fits.

// v itself: above the bound there is only one pattern, of a NaN.
fn held(v: f32) -> f32 {
  return bitcast<f32>(min(bitcast<u32>(v), 0xfffffffeu));
}

fn held4(v: vec4f) -> vec4f {
  return bitcast<vec4f>(min(bitcast<vec4u>(v), vec4u(0xfffffffeu)));
}

// The first 12 bits of a number, so that the product of two such parts is exact.
fn high_part(v: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(v) & 0xfffff000u);
}

// The whole number nearest to v, for |v| < 2²¹: 1.5 · 2²³ leaves no bits behind the point.
fn nearest(v: f32) -> i32 {
  return bitcast<i32>(v + 12582912.0) - 0x4b400000;
}

// 2ⁿ, for n from −126 to 127.
fn power_of_two(n: i32) -> f32 {
  return bitcast<f32>((n + 127) << 23u);
}

// v · 2ⁿ for a normal v and a product that is finite, rounded once. A subnormal result is a whole
// number of 2⁻¹⁴⁹, and 2²³ more than it is a float whose last bit is worth 1.
fn scaled(v: f32, n: i32) -> f32 {
  let pattern = bitcast<i32>(v) & 0x7fffffff;
  let exponent = max((pattern >> 23u) + n, -40);
  let fraction = pattern & 0x007fffff;
  let units = bitcast<f32>(((exponent + 149) << 23u) | fraction) + 8388608.0;
  let below = bitcast<i32>(units) - 0x4b000000;
  let whole = select(below, (exponent << 23u) | fraction, exponent > 0);
  return bitcast<f32>(whole | (bitcast<i32>(v) & i32(-0x7fffffff - 1)));
}

// Below 2⁻¹²⁴, where a product may be taken for 0.
fn is_tiny(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) < 0x01800000u;
}

// Half of a tiny number, rounded to even.
fn half_of(v: f32) -> f32 {
  let pattern = bitcast<u32>(v);
  let whole = min(pattern & 0x7fffffffu, 0x02000000u);
  let subnormal = (whole + ((whole >> 1u) & 1u)) >> 1u;
  let half = select(whole - 0x00800000u, subnormal, whole < 0x01000000u);
  return bitcast<f32>((pattern & 0x80000000u) | half);
}

// A number from bits that a compiler does not know: it refuses constants that are infinite or NaN.
fn of_bits(pattern: u32) -> f32 {
  return bitcast<f32>(pattern);
}

fn infinity() -> f32 { return of_bits(0x7f800000u); }
fn not_a_number() -> f32 { return of_bits(0x7fc00000u); }
