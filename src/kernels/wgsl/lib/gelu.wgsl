// x Φ(x) and its derivative, with Φ the distribution function of the normal distribution
//
//     a = |x| < 0.625     Φ(x) = ½ + x P(x²)
//     beyond              Φ(−a) = e^(−a²/2) Q(u) / (1 + 2a)        u = (a − 3.5) / (a + 3.5)
//
// a² is h² + (a − h)(a + h) with 12 bits in h: h² is exact, so e^(−a²/2) keeps its digits however
// small it is. At most 4 units in the last place from the true value. Form of the second: M. M.
// Shepherd & J. G. Laframboise 1981, Mathematics of Computation 36, for erfc.
//
// The tanh form, ½x (1 + tanh(w/2)) = x σ(w) with w = 2 √(2/π) (x + 0.044715 x³), has the same
// difficulty: an error in w counts w times over. So w comes in two parts as well.

import package::lib::bits::{half_of, held, high_part, is_tiny, not_a_number, scaled};
import package::lib::exp::exponential;
import package::lib::nan::is_nan;
import package::lib::sigmoid::{sigmoid, times_sigmoid};

// Φ(−a) = tail · 2ⁿ, a Φ(−a) = area · 2ⁿ and the density φ(a) = density · 2ⁿ, for 0.625 ≤ a ≤ 17.
struct Tail { tail: f32, area: f32, density: f32, n: i32 }

fn normal_tail(size: f32) -> Tail {
  let h = high_part(size);
  let e = exponential(-0.5 * (h * h), -0.5 * ((size - h) * (size + h)));
  let u = held((size - 3.5) / (size + 3.5));
  let q8 = 2.35658837e-4 + held(u * (4.18189826e-4 - held(u * 7.35911840e-5)));
  let q6 = 1.86901947e-3 + held(u * (-3.22303339e-3 + held(u * q8)));
  let q4 = -7.95700699e-2 + held(u * (2.23202705e-2 + held(u * q6)));
  let q2 = -0.124282107 + held(u * (0.137734696 + held(u * q4)));
  let q = 0.850761235 + held(u * (-8.28543957e-3 + held(u * q2)));
  let top = 1.0 + e.p;
  let half = held(0.5 / (1.0 + 2.0 * size));
  // a / (1 + 2a) = ½ − ½ / (1 + 2a), which rounds less
  let numerator = held(top * q);
  return Tail(numerator * (2.0 * half), numerator * held(0.5 - half), top * 0.398942280, e.n);
}

// Φ(x) for |x| < 0.625.
fn near_half(v: f32) -> f32 {
  let square = v * v;
  let c2 = 9.97604616e-3 + held(square * (-1.19369722e-3 + held(square * 1.16787887e-4)));
  return 0.5 + held(v * (0.398942292 + held(square * (-6.64907023e-2 + held(square * c2)))));
}

fn gelu(v: f32) -> f32 {
  let size = min(abs(v), 17.0);
  let outer = normal_tail(size);
  let rest = scaled(outer.area, outer.n);
  let far = select(bitcast<f32>(bitcast<u32>(rest) | 0x80000000u), v - rest, v > 0.0);
  var value = select(far, v * near_half(v), abs(v) < 0.625);
  value = select(value, half_of(v), is_tiny(v));
  return select(value, not_a_number(), is_nan(v) || bitcast<u32>(v) == 0xff800000u); // −∞ · 0
}

// Φ(x) + x φ(x)
fn gelu_slope(v: f32) -> f32 {
  let size = min(abs(v), 17.0);
  let outer = normal_tail(size);
  let rest = scaled(outer.tail, outer.n);
  let square = v * v;
  let e = exponential(-0.5 * min(square, 1.0), 0.0);
  let middle = near_half(v) + held(v * scaled((1.0 + e.p) * 0.398942280, e.n));
  let slant = held(size * scaled(outer.density, outer.n));
  let far = select(rest - slant, 1.0 - (rest - slant), v > 0.0);
  return select(select(far, middle, abs(v) < 0.625), v, is_nan(v));
}

struct Form { high: f32, low: f32 }

// w of the tanh form, for |x| ≤ 12.
fn tanh_form(v: f32) -> Form {
  let h = high_part(v);
  let square = h * h; // exact
  let start = high_part(square);
  let end = held(square - start) + held((v - h) * (v + h)); // start + end is v²
  // c + d x²: c = 2√(2/π) and d = 0.044715 c in two parts each, the first of 12 bits
  let q = high_part(1.59576917 + held(square * 7.13548139e-2));
  let main = held(held(1.595703125 - q) + 0.07135009765625 * start);
  let rest = held(held(7.13548139e-2 * end) + held(4.71861635e-6 * start));
  let q_low = held(main + held(6.59966057e-5 + rest));
  return Form(h * q, held(h * q_low) + held((v - h) * held(q + q_low)));
}

fn gelu_tanh(v: f32) -> f32 {
  let form = tanh_form(clamp(v, -12.0, 12.0));
  return times_sigmoid(v, form.high, form.low);
}

// σ(w) + x σ(w) σ(−w) dw/dx
fn gelu_tanh_slope(v: f32) -> f32 {
  let z = clamp(v, -12.0, 12.0);
  let form = tanh_form(z);
  let sum = form.high + form.low;
  let there = sigmoid(sum);
  let slope = 1.59576912 + held(0.214064442 * held(z * z)); // held: some make it (c z) z
  let value = there + held(z * slope * there * sigmoid(-sum));
  return select(value, v, is_nan(v));
}
