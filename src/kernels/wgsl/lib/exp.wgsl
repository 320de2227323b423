// eˣ and eˣ − 1, at most 1.1 units in the last place from the true value
//
//     eˣ = 2ⁿ (1 + p)     n = nearest(x / ln 2)     r = x − n ln 2     1 + p = eʳ,  |r| ≤ ½ ln 2
//
// ln 2 comes in two parts. 355/512 has nine bits, so its product with n is exact.

import package::lib::bits::{held, infinity, nearest, power_of_two, scaled};
import package::lib::nan::is_nan;

struct Exponential {
  n: i32,
  p: f32,
}

// e^(x + low), for |x| < 170 and a small `low`.
fn exponential(v: f32, low: f32) -> Exponential {
  let n = nearest(held(v * 1.44269504));
  let turns = f32(n);
  let r = held(v - turns * 0.693359375) + held(held(turns * 2.12194440e-4) + low);
  return Exponential(n, held(r + exp_rest(r)));
}

// eʳ − 1 − r for |r| ≤ ½ ln 2.
fn exp_rest(r: f32) -> f32 {
  let c2 = 4.16682735e-2 + held(r * (8.36868584e-3 + held(r * 1.38201355e-3)));
  return held(r * r * (0.49999994 + held(r * (0.166665211 + held(r * c2)))));
}

fn exp(v: f32) -> f32 {
  let e = exponential(clamp(v, -110.0, 89.0), 0.0);
  let finite = select(scaled(1.0 + e.p, e.n), infinity(), v > 88.7228317);
  return select(finite, v, is_nan(v));
}

// eˣ − 1. Where n = 0 it is p itself, so nothing is lost near 0.
fn expm1(v: f32) -> f32 {
  let e = exponential(clamp(v, -80.0, 89.0), 0.0);
  let scale = power_of_two(min(e.n, 127));
  let sum = (scale - 1.0) + scale * e.p;
  let near = select(select(sum, exp(v), v > 40.0), e.p, e.n == 0);
  let tiny = (bitcast<u32>(v) & 0x7fffffffu) < 0x33000000u; // |x| < 2⁻²⁵
  return select(near, v, tiny || is_nan(v));
}

fn exp4(v: vec4f) -> vec4f {
  return vec4f(exp(v.x), exp(v.y), exp(v.z), exp(v.w));
}
