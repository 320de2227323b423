// ln x and ln(1 + z), at most 1.1 units in the last place from the true value
//
//     x = 2ⁿ (1 + f),  −⅓ ≤ f < ⅓         ln x = n ln 2 + f + (ln(1 + f) − f)
//
// There is no (1 + z) − 1 in it. WGSL lets a compiler simplify that to z, and drivers do, which
// turns Kahan's form of ln(1 + z) wrong by a factor of two.

import package::lib::bits::{held, infinity, not_a_number};
import package::lib::nan::is_nan;

struct Split { n: i32, f: f32 }

// n and f of a positive x. A subnormal x is a whole number of 2⁻¹⁴⁹.
fn split(v: f32) -> Split {
  let pattern = bitcast<i32>(v);
  let subnormal = pattern < 0x00800000;
  let above = select(pattern, bitcast<i32>(f32(pattern)), subnormal) - 0x3f2aaaab; // of ⅔
  let m = bitcast<f32>((above & 0x007fffff) + 0x3f2aaaab);
  return Split((above >> 23u) - select(0, 149, subnormal), m - 1.0);
}

// ln(1 + f) − f for |f| ≤ ⅓.
fn log_rest(f: f32) -> f32 {
  let c4 = 0.140047222 + held(f * (-0.121828213 + held(f * (0.139907211 - held(f * 0.128985986)))));
  let c2 = 0.200104669 + held(f * (-0.166805804 + held(f * c4)));
  let p = 0.333332151 + held(f * (-0.249997959 + held(f * c2)));
  return held(f * f * f * p) - 0.5 * held(f * f);
}

// n ln 2 + ln(1 + f)
fn log_of(n: f32, f: f32) -> f32 {
  return held(f + held(log_rest(f) - held(n * 2.12194440e-4))) + n * 0.693359375;
}

fn log(v: f32) -> f32 {
  let pattern = bitcast<i32>(v);
  let parts = split(v);
  let finite = select(log_of(f32(parts.n), parts.f), v, pattern >= 0x7f800000); // ∞ as it is
  let real = select(finite, not_a_number(), pattern < 0 || is_nan(v));
  return select(real, -infinity(), (pattern & 0x7fffffff) == 0);
}

// ln(1 + z) for z from 0 to 1.
fn log1p(z: f32) -> f32 {
  let far = z > 0.3333;
  return log_of(select(0.0, 1.0, far), select(z, 0.5 * z - 0.5, far));
}

// ln(1 − z) for z from 0 on.
fn log_one_minus(z: f32) -> f32 {
  return select(log(1.0 - z), log_of(0.0, -z), z < 0.3333);
}

fn log4(v: vec4f) -> vec4f {
  return vec4f(log(v.x), log(v.y), log(v.z), log(v.w));
}

fn log1p4(v: vec4f) -> vec4f {
  return vec4f(log1p(v.x), log1p(v.y), log1p(v.z), log1p(v.w));
}

fn log_one_minus4(v: vec4f) -> vec4f {
  return vec4f(log_one_minus(v.x), log_one_minus(v.y), log_one_minus(v.z), log_one_minus(v.w));
}
