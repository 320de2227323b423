// x^p, at most 1.7 units in the last place from the true value
//
//     log₂|x| = n + (2 / 3 ln 2) · s (3 + s² + s⁴ Q(s²))         s = (m − 1) / (m + 1), |x| = 2ⁿ m
//     x^p = 2^(p log₂|x|)                                        2^r = 1 + r Q(r), |r| ≤ ½
//
// An error in the logarithm counts p log₂|x| times over. So s, the logarithm and its product with p
// come in two parts each, of which the first has 12 bits: products of such parts are exact.

import package::lib::bits::{held, high_part, infinity, nearest, not_a_number, scaled};

struct Binary { high: f32, low: f32 }

// log₂ of a positive finite x, to some 36 bits.
fn log2_parts(v: f32) -> Binary {
  let subnormal = bitcast<i32>(v) < 0x00800000;
  let above = select(bitcast<i32>(v), bitcast<i32>(f32(bitcast<i32>(v))), subnormal) - 0x3f3504f3;
  let m = bitcast<f32>((above & 0x007fffff) + 0x3f3504f3); // from √½ to √2
  let n = f32((above >> 23u) - select(0, 149, subnormal));
  let top = m - 1.0;
  let over = 1.0 / (m + 1.0);
  let ratio = top * over;
  let s_high = high_part(ratio);
  // what s_high leaves of the quotient: (top − s_high (m + 1)) / (m + 1), m + 1 in two parts
  let d = high_part(m + 1.0);
  let d_low = m - held(d - 1.0);
  let s_low = over * held(held(top - s_high * d) - s_high * d_low);
  let square = s_high * s_high;
  let ratio2 = ratio * ratio;
  let q0 = 0.600002289 + held(ratio2 * (0.428206056 + held(ratio2 * 0.351306945)));
  let q = held(held(ratio2 * ratio2 * q0) + held(s_low * held(s_high + ratio)));
  let factor = high_part(3.0 + held(square + q));
  let t_low = held(held(3.0 - factor) + square) + q;
  let u = s_high * factor;
  let u_low = held(held(s_low * factor) + held(t_low * ratio));
  let sum = high_part(u + u_low);
  let sum_low = held(u - sum) + u_low;
  // times 2 / (3 ln 2) = 0.961669922 + 1.26772049e-4
  let z = 0.961669922 * sum;
  let z_low = held(held(1.26772049e-4 * sum) + held(0.961796694 * sum_low));
  let high = high_part(n + held(z + z_low));
  return Binary(high, held(held(n - high) + z) + z_low);
}

// |x|^p for a finite x that is not 0.
fn power_of_magnitude(v: f32, p: f32) -> f32 {
  let l = log2_parts(bitcast<f32>(bitcast<u32>(v) & 0x7fffffffu));
  let wide = clamp(p, -1e12, 1e12); // more changes nothing, and products stay finite
  let p_high = high_part(wide);
  let z = p_high * l.high; // exact
  let z_low = held(held((wide - p_high) * l.high) + held(wide * l.low));
  let all = z + z_low;
  let n = nearest(clamp(all, -200.0, 200.0));
  let r = held(clamp(z, -300.0, 300.0) - f32(n)) + clamp(z_low, -1.0, 1.0);
  let q3 = 9.61850490e-3 + held(r * (1.33910251e-3 + held(r * 1.53271963e-4)));
  let q = 0.693147182 + held(r * (0.240226477 + held(r * (5.55035956e-2 + held(r * q3)))));
  let value = scaled(1.0 + held(r * q), n);
  return select(value, infinity(), all >= 128.0);
}

// x^p for any two numbers, as C's pow: 1 for p = 0 and for x = 1, whatever the other one is. A
// negative x has a power only where p is a whole number.
fn pow(v: f32, p: f32) -> f32 {
  let x_bits = bitcast<u32>(v) & 0x7fffffffu;
  let p_bits = bitcast<u32>(p) & 0x7fffffffu;
  let whole = p_bits >= 0x4b000000u || bitcast<u32>(floor(p)) == bitcast<u32>(p);
  let odd = whole && p_bits < 0x4b800000u && (i32(clamp(p, -16777216.0, 16777216.0)) & 1) == 1;
  let negative = bitcast<i32>(v) < 0;
  let falls = bitcast<i32>(p) < 0;
  var value = power_of_magnitude(v, p);
  // |x| is 0 or ∞
  let at_edge = select(infinity(), 0.0, (x_bits == 0u) != falls);
  value = select(value, at_edge, x_bits == 0u || x_bits == 0x7f800000u);
  value = bitcast<f32>(bitcast<u32>(value) | select(0u, 0x80000000u, negative && odd));
  let broken = negative && !whole && x_bits != 0u && x_bits != 0x7f800000u;
  value = select(value, not_a_number(), broken || x_bits > 0x7f800000u || p_bits > 0x7f800000u);
  let one = p_bits == 0u || bitcast<u32>(v) == 0x3f800000u
    || (x_bits == 0x3f800000u && p_bits == 0x7f800000u);
  return select(value, 1.0, one);
}

fn pow4(v: vec4f, p: vec4f) -> vec4f {
  return vec4f(pow(v.x, p.x), pow(v.y, p.y), pow(v.z, p.z), pow(v.w, p.w));
}
