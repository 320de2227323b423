// sin x and cos x of any finite x, at most 2 units in the last place from the true value
//
//     x = q · π/2 + r,  |r| ≤ π/4        sin x is ± sin r or ± cos r, by q mod 4
//
//     |x| < 6000     π/2 in four parts of 8, 11, 11 and 24 bits: products with q are exact (Cody &
//                    Waite)
//     beyond         x · 2/π in whole numbers, with the 96 bits of 2/π that matter for q mod 4 and
//                    r (M. Payne & R. Hanek 1983, ACM SIGNUM Newsletter 18)

import package::lib::bits::{held, high_part, nearest, not_a_number, power_of_two};

struct Angle { quarter: i32, r: f32 }

fn reduce(v: f32) -> Angle {
  if ((bitcast<u32>(v) & 0x7fffffffu) >= 0x45bb8000u) { return reduce_far(v); }
  let n = nearest(held(v * 0.636619772));
  let turns = f32(n);
  // the first two differences are exact, the third wherever it is small
  let near = held(held(v - turns * 1.5703125) - turns * 0x1.fb4p-12f);
  let r = held(near - turns * 0x1.444p-24f);
  return Angle(n, r - held(turns * 2.56334415e-12));
}

fn reduce_far(v: f32) -> Angle {
  // 32 zeros, then the pattern of 2/π behind the point
  let digits = array<u32, 8>(
    0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu,
  );
  let pattern = bitcast<u32>(v);
  let m = (pattern & 0x007fffffu) | 0x00800000u;
  let start = ((pattern >> 23u) & 0xffu) - 120u; // before it a bit counts whole turns
  let word = min(start / 32u, 4u); // an exponent of ∞ and NaN would reach too far
  let by = start % 32u;
  let w0 = window(digits[word], digits[word + 1u], by);
  let w1 = window(digits[word + 1u], digits[word + 2u], by);
  let w2 = window(digits[word + 2u], digits[word + 3u], by);
  // m · (w0, w1, w2), without the last word and what lies above the first
  let low = w1 * m;
  let next = low + product_high(w2, m);
  let first = w0 * m + product_high(w1, m) + select(0u, 1u, next < low);
  // two pattern of quarters and 62 behind the point, which become a sign and 63
  var f0 = (first << 2u) | (next >> 30u);
  var f1 = next << 2u;
  let more = f0 >> 31u; // more than half a quarter: count from the next one backwards
  if (more == 1u) {
    f1 = ~f1 + 1u;
    f0 = ~f0 + select(0u, 1u, f1 == 0u);
  }
  let zeros = countLeadingZeros(f0);
  let head = window(f0, f1, zeros);
  let top = f32(head >> 8u);
  let tail = f32(((head & 0xffu) << 16u) | ((f1 << zeros) >> 16u)) * 0x1p-24f;
  let high = high_part(top);
  let low_part = held(held((top - high) * 1.57079633) + held(high * 4.83826795e-4))
    + held(tail * 1.57079633);
  let r = (high * 1.5703125 + held(low_part)) * power_of_two(-24 - i32(zeros));
  let quarter = i32((first >> 30u) + more);
  let backwards = (more == 1u) != (bitcast<i32>(v) < 0);
  return Angle(select(quarter, -quarter, bitcast<i32>(v) < 0), select(r, -r, backwards));
}

// 32 bits of two words, from bit `by` of the first on.
fn window(first: u32, next: u32, by: u32) -> u32 {
  return (first << by) | select(0u, next >> (32u - by), by > 0u);
}

// The upper word of n · m, for an m of 24 bits.
fn product_high(n: u32, m: u32) -> u32 {
  let a0 = n & 0xffffu;
  let a1 = n >> 16u;
  let m0 = m & 0xffffu;
  let m1 = m >> 16u;
  let middle = ((a0 * m0) >> 16u) + ((a1 * m0) & 0xffffu) + ((a0 * m1) & 0xffffu);
  return a1 * m1 + ((a1 * m0) >> 16u) + ((a0 * m1) >> 16u) + (middle >> 16u);
}

fn sin_near(r: f32) -> f32 {
  let square = r * r;
  let c = 8.33337940e-3 + held(square * (-1.98530688e-4 + held(square * 2.83262943e-6)));
  let value = r + held(r * square * (-0.166666672 + held(square * c)));
  return select(value, r, (bitcast<u32>(r) & 0x7fffffffu) < 0x39000000u); // |r| < 2⁻¹³
}

// r² in two parts, since half of it is subtracted from 1.
fn cos_near(r: f32) -> f32 {
  let h = high_part(r);
  let square = r * r;
  let c = 4.16666679e-2 + held(square * (-1.38889800e-3 + held(square * (2.48220076e-5
    - held(square * 2.88784520e-7)))));
  let rest = held(square * square * c) - 0.5 * held((r - h) * (r + h));
  return held(1.0 - 0.5 * (h * h)) + held(rest);
}

// sin(r + quarter · π/2)
fn sin_of(angle: Angle) -> f32 {
  let value = select(sin_near(angle.r), cos_near(angle.r), (angle.quarter & 1) == 1);
  return select(value, -value, (angle.quarter & 2) == 2);
}

fn sin(v: f32) -> f32 {
  let angle = reduce(v);
  let finite = (bitcast<u32>(v) & 0x7fffffffu) < 0x7f800000u;
  // a number below 2⁻¹³ is its own sine; −0 and subnormal ones pass no arithmetic
  let tiny = (bitcast<u32>(v) & 0x7fffffffu) < 0x39000000u;
  return select(not_a_number(), select(sin_of(angle), v, tiny), finite);
}

fn cos(v: f32) -> f32 {
  let angle = reduce(v);
  let finite = (bitcast<u32>(v) & 0x7fffffffu) < 0x7f800000u;
  return select(not_a_number(), sin_of(Angle(angle.quarter + 1, angle.r)), finite);
}

// cos(2π u) for u from 0 to 1.
fn cos_of_turns(u: f32) -> f32 {
  let quarter = nearest(4.0 * u);
  return sin_of(Angle(quarter + 1, (4.0 * u - f32(quarter)) * 1.57079633));
}
