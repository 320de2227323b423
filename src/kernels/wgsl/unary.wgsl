// Elementwise functions of one tensor, and their derivatives
//
//     forward    y[i]  = f(x[i])
//     backward   dx[i] = dy[i] · f′(s[i])        s is x, or y = f(x) where f′ is simplest in y
//
//     op          f(x)                            f′                                    s
//     NEG         −x                              −1                                    x
//     EXP         eˣ                              y                                     y
//     LOG         ln x                            1 / x                                 x
//     SQRT        √x                              1 / (2y)                              y
//     ABS         |x|                             sign x, 0 at 0                        x
//     CLAMP       min(max(x, c0), c1)             1 if c0 ≤ x ≤ c1, else 0              x
//     RELU        max(x, 0)                       1 if x > 0, else 0                    x
//     LEAKY_RELU  x if x > 0, else c0·x           1 if x > 0, else c0                   x
//     TANH        tanh x                          1 − y²                                y
//     SIGMOID     1 / (1 + e⁻ˣ)                   y (1 − y)                             y
//     SOFTPLUS    ln(1 + e^(c0·x)) / c0           σ(c0·x); the identity if c0·x > c1    x
//     GELU        x Φ(x)                          Φ(x) + x φ(x)                         x
//     GELU_TANH   ½x (1 + tanh u)                 see below                             x
//     SILU        x σ(x)                          σ(x) (1 + x (1 − σ(x)))               x
//     POWER       x^c0                            c0 · x^(c0 − 1)                       x
//     SIN         sin x                           cos x                                 x
//     COS         cos x                           −sin x                                x
//
// One invocation does four neighbours: a vec4 load costs little more than a scalar one, and memory
// is all that such a kernel waits for. Buffers end on a multiple of 16 bytes, so the last vec4 may
// run past n without harm.

import package::lib::activation::{RELU, SIGMOID, TANH, sigmoid4, tanh4};
import package::lib::grid::invocation_index;
import package::lib::log1p::log1p;
import package::lib::nan::is_nan4;

// RELU, TANH and SIGMOID have the numbers 1 to 3 in every kernel: see activation.wgsl.
const NEG = 4u;
const EXP = 5u;
const LOG = 6u;
const SQRT = 7u;
const ABS = 8u;
const CLAMP = 9u;
const LEAKY_RELU = 10u;
const SOFTPLUS = 11u;
const GELU = 12u;
const GELU_TANH = 13u;
const SILU = 14u;
const POWER = 15u;
const SIN = 16u;
const COS = 17u;

override OP: u32 = RELU;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // vec4s in y
  x_offset: u32, // of x (forward) or s (backward), in elements, a multiple of 4
  dy_offset: u32, c0: f32, c1: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // y forward, dx backward

// sin(v + ahead · π/2). WGSL lets sin and cos err by 5e-4, and adapters do; this one errs by 1e-7
// for |v| up to some thousands. What is left of v after whole quarter turns (π/2 comes in three
// pieces, so that the first products are exact; Cody & Waite) goes into Cephes' polynomials for |r|
// ≤ π/4.
fn sine(v: vec4f, ahead: i32) -> vec4f {
  let turns = round(v * 0.6366197723675814);
  let r = ((v - turns * 1.5703125) - turns * 4.837512969970703e-4) - turns * 7.549789948768648e-8;
  let s = r * r;
  let sin_r = r + r * s * (-1.6666654611e-1 + s * (8.3321608736e-3 + s * -1.9515295891e-4));
  let tail = -1.388731625493765e-3 + s * 2.443315711809948e-5;
  let cos_r = 1.0 - 0.5 * s + s * s * (4.166664568298827e-2 + s * tail);
  let quarter = vec4i(turns) + ahead;
  let either = select(sin_r, cos_r, (quarter & vec4i(1)) == vec4i(1));
  return select(either, -either, (quarter & vec4i(2)) == vec4i(2));
}

// erf by its Maclaurin series up to |v| = 1, and 1 − e^(−v²) · (a polynomial in 1/(1 + v/2)) past
// it: fractional error below 1.2e-7 everywhere (W. H. Press et al., Numerical Recipes, erfcc).
fn erf(v: vec4f) -> vec4f {
  let a = abs(v);
  let s = v * v;
  let last = 1.0 / 9360.0 + s * (-1.0 / 75600.0 + s / 685440.0);
  let series = v * 1.1283791670955126 * (1.0 + s * (-1.0 / 3.0 + s * (1.0 / 10.0 + s * (-1.0 / 42.0
    + s * (1.0 / 216.0 + s * (-1.0 / 1320.0 + s * last))))));
  let t = 1.0 / (1.0 + 0.5 * a);
  let tail = t * exp(-a * a - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418
    + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223
    + t * 0.17087277)))))))));
  return select(sign(v) * (1.0 - tail), series, a < vec4f(1.0));
}

fn normal_cdf(v: vec4f) -> vec4f {
  return 0.5 * (1.0 + erf(v * 0.7071067811865476));
}

fn normal_density(v: vec4f) -> vec4f {
  return 0.3989422804014327 * exp(-0.5 * v * v);
}

// |v|^p with the sign that a whole p gives it; NaN for a negative v and a broken p.
fn power(v: vec4f, p: f32) -> vec4f {
  if (p == 0.0) { return vec4f(1.0); }
  let whole = p == round(p) && abs(p) < 16777216.0;
  if (whole && abs(p) <= 16.0) { // by squaring: exact where x^p is
    var result = vec4f(1.0);
    var square = v;
    for (var rest = u32(abs(p)); rest > 0u; rest /= 2u) {
      if ((rest & 1u) == 1u) { result *= square; }
      square *= square;
    }
    return select(result, 1.0 / result, p < 0.0);
  }
  let magnitude = pow(abs(v), vec4f(p));
  if (whole) {
    let odd = (i32(p) & 1) == 1;
    return select(magnitude, -magnitude, vec4<bool>(odd) & (v < vec4f(0.0)));
  }
  let broken = sqrt(min(v, vec4f(0.0))); // NaN where v < 0
  return select(magnitude, broken, v < vec4f(0.0));
}

fn f(v: vec4f) -> vec4f {
  switch OP {
    case NEG: { return -v; }
    case EXP: { return select(exp(v), v, is_nan4(v)); }
    case LOG: { return select(log(v), sqrt(v), (v < vec4f(0.0)) | is_nan4(v)); } // √−1 is NaN
    case SQRT: { return sqrt(v); }
    case ABS: { return abs(v); }
    case CLAMP: { return select(min(max(v, vec4f(params.c0)), vec4f(params.c1)), v, is_nan4(v)); }
    case RELU: { return select(vec4f(0.0), v, (v > vec4f(0.0)) | is_nan4(v)); }
    case LEAKY_RELU: { return select(params.c0 * v, v, v > vec4f(0.0)); }
    case TANH: { return tanh4(v); }
    case SIGMOID: { return sigmoid4(v); }
    case SOFTPLUS: {
      let t = v * params.c0;
      let soft = max(t, vec4f(0.0)) + log1p(exp(-abs(t)));
      return select(soft / params.c0, v, t > vec4f(params.c1));
    }
    case GELU: { return v * normal_cdf(v); }
    case GELU_TANH: {
      return 0.5 * v * (1.0 + tanh4(0.7978845608028654 * (v + 0.044715 * v * v * v)));
    }
    case SILU: { return v * sigmoid4(v); }
    case POWER: { return power(v, params.c0); }
    case SIN: { return sine(v, 0); }
    case COS: { return sine(v, 1); }
    default: { return v; }
  }
}

fn df(s: vec4f) -> vec4f {
  switch OP {
    case NEG: { return vec4f(-1.0); }
    case EXP: { return s; }
    case LOG: { return 1.0 / s; }
    case SQRT: { return 0.5 / s; }
    case ABS: { return sign(s); }
    case CLAMP: { return vec4f((s >= vec4f(params.c0)) & (s <= vec4f(params.c1))); }
    case RELU: { return vec4f(s > vec4f(0.0)); }
    case LEAKY_RELU: { return select(vec4f(params.c0), vec4f(1.0), s > vec4f(0.0)); }
    case TANH: { return 1.0 - s * s; }
    case SIGMOID: { return s * (1.0 - s); }
    case SOFTPLUS: {
      let t = s * params.c0;
      return select(sigmoid4(t), vec4f(1.0), t > vec4f(params.c1));
    }
    case GELU: { return normal_cdf(s) + s * normal_density(s); }
    case GELU_TANH: { // u = √(2/π) (x + 0.044715 x³)
      let t = tanh4(0.7978845608028654 * (s + 0.044715 * s * s * s));
      let du = 0.7978845608028654 * (1.0 + 0.134145 * s * s);
      return 0.5 * (1.0 + t) + 0.5 * s * (1.0 - t * t) * du;
    }
    case SILU: {
      let t = sigmoid4(s);
      return t * (1.0 + s * (1.0 - t));
    }
    case POWER: {
      if (params.c0 == 0.0) { return vec4f(0.0); }
      return params.c0 * power(s, params.c0 - 1.0);
    }
    case SIN: { return sine(s, 1); }
    case COS: { return sine(s, 2); }
    default: { return vec4f(1.0); }
  }
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[i] = f(x[params.x_offset / 4u + i]);
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[i] = dy[params.dy_offset / 4u + i] * df(x[params.x_offset / 4u + i]);
}
