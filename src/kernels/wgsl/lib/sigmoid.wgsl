// The logistic function and what is made of it, at most 2 units in the last place from the truth
//
//     σ(x) = 1 / (1 + e⁻ˣ)          silu(x) = x σ(x)          softplus(x) = ln(1 + eˣ)
//
// With e⁻ˣ = 2ⁿ (1 + p) the divisor is (1 + 2ⁿ) + 2ⁿp. Where n > 0 it is divided by 2ⁿ first, so
// that nothing overflows, and the quotient is scaled back in the end, down to subnormal results.

import package::lib::bits::{half_of, held, is_tiny, not_a_number, power_of_two, scaled};
import package::lib::exp::{exp, exponential};
import package::lib::log::log1p;
import package::lib::nan::is_nan;

// 1 + e^−(x + low) = d · 2ⁿ, for |x| < 170.
struct Divisor { d: f32, n: i32 }

fn divisor(v: f32, low: f32) -> Divisor {
  let e = exponential(-v, -low);
  let scale = power_of_two(max(-abs(e.n), -126));
  // the terms from the smallest to the largest
  let d = select(held(1.0 + scale) + scale * e.p, 1.0 + held(e.p + scale), e.n > 0);
  return Divisor(d, max(e.n, 0));
}

fn sigmoid(v: f32) -> f32 {
  let e = divisor(clamp(v, -110.0, 110.0), 0.0);
  return select(scaled(1.0 / e.d, -e.n), v, is_nan(v));
}

fn silu(v: f32) -> f32 {
  return times_sigmoid(v, clamp(v, -110.0, 110.0), 0.0);
}

// x σ(z + low), for a z of x's sign.
fn times_sigmoid(v: f32, z: f32, low: f32) -> f32 {
  let e = divisor(z, low);
  let value = select(scaled(max(v, -110.0) / e.d, -e.n), half_of(v), is_tiny(v));
  let infinite = (bitcast<u32>(v) & 0x7fffffffu) >= 0x7f800000u; // or NaN
  let limit = select(v, not_a_number(), bitcast<i32>(v) < 0); // −∞ · 0 is NaN
  return select(value, limit, infinite);
}

fn softplus(v: f32) -> f32 {
  let decay = exp(-abs(v));
  let value = select(0.0, v, v > 0.0) + log1p(decay);
  return select(select(value, decay, v < -17.0), v, is_nan(v)); // below −17 they are equal
}

fn sigmoid4(v: vec4f) -> vec4f {
  return vec4f(sigmoid(v.x), sigmoid(v.y), sigmoid(v.z), sigmoid(v.w));
}
