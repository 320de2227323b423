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
//     GELU_TANH   ½x (1 + tanh u)                 see gelu.wgsl                         x
//     SILU        x σ(x)                          σ(x) (1 + x σ(−x))                    x
//     POWER       x^c0                            c0 · x^(c0 − 1)                       x
//     SIN         sin x                           cos x                                 x
//     COS         cos x                           −sin x                                x
//     SIGN        −1, 0 or 1                      0                                     x
//     FLOOR       ⌊x⌋                             0                                     x
//     CEIL        ⌈x⌉                             0                                     x
//     ROUND       nearest whole, ties to even     0                                     x
//     TRUNC       x without its fraction          0                                     x
//     ELU         x if x > 0, else c0 (eˣ − 1)    1 if x > 0, else c0 eˣ                x
//     HARDTANH    min(max(x, c0), c1)             1 if c0 < x < c1, else 0              x
//
// The functions are the library's own, in lib: a driver's may err by thousands of units in the last
// place, and a driver may take a subnormal number for 0 where it compares.
//
// One invocation does four neighbours: a vec4 load costs little more than a scalar one, and memory
// is all that such a kernel waits for. Buffers end on a multiple of 16 bytes, so the last vec4 may
// run past n without harm.

import package::lib::activation::{RELU, SIGMOID, TANH, relu4};
import package::lib::exp::{exp4, expm1};
import package::lib::gelu::{gelu, gelu_slope, gelu_tanh, gelu_tanh_slope};
import package::lib::grid::invocation_index;
import package::lib::log::log4;
import package::lib::nan::is_nan4;
import package::lib::order::key;
import package::lib::pow::pow;
import package::lib::products::once4;
import package::lib::roots::root4;
import package::lib::rounding::{ceiling, even, floor_of, whole_part};
import package::lib::sigmoid::{sigmoid4, silu, softplus};
import package::lib::subnormal::product4;
import package::lib::tanh::tanh4;
import package::lib::trigonometry::{cos, sin};

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
const SIGN = 18u;
const FLOOR = 19u;
const CEIL = 20u;
const ROUND = 21u;
const TRUNC = 22u;
const ELU = 23u;
const HARDTANH = 24u;

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

// v^p. The commonest whole powers are products.
fn power(v: vec4f, p: f32) -> vec4f {
  if (p == 1.0) { return v; }
  if (p == 2.0) { return product4(v, v); }
  if (p == 3.0) { return v * v * v; }
  return vec4f(pow(v.x, p), pow(v.y, p), pow(v.z, p), pow(v.w, p));
}

// −1, 0 or 1
fn sign_of(v: vec4f) -> vec4f {
  return select(vec4f(sign(key(v))), v, is_nan4(v));
}

fn f(v: vec4f) -> vec4f {
  switch OP {
    case NEG: { return bitcast<vec4f>(bitcast<vec4u>(v) ^ vec4u(0x80000000u)); }
    case EXP: { return exp4(v); }
    case LOG: { return log4(v); }
    case SQRT: { return root4(v); }
    case ABS: { return abs(v); }
    case CLAMP, HARDTANH: {
      let above = select(v, vec4f(params.c0), key(v) < key(vec4f(params.c0)));
      let within = select(above, vec4f(params.c1), key(above) > key(vec4f(params.c1)));
      return select(within, v, is_nan4(v));
    }
    case RELU: { return relu4(v); }
    case LEAKY_RELU: { return select(params.c0 * v, v, key(v) > vec4i()); }
    case TANH: { return tanh4(v); }
    case SIGMOID: { return sigmoid4(v); }
    case SOFTPLUS: {
      let t = v * params.c0;
      let soft = vec4f(softplus(t.x), softplus(t.y), softplus(t.z), softplus(t.w));
      if (params.c0 == 1.0) { return select(soft, v, v > vec4f(params.c1)); }
      return select(soft / params.c0, v, t > vec4f(params.c1));
    }
    case GELU: { return vec4f(gelu(v.x), gelu(v.y), gelu(v.z), gelu(v.w)); }
    case GELU_TANH: {
      return vec4f(gelu_tanh(v.x), gelu_tanh(v.y), gelu_tanh(v.z), gelu_tanh(v.w));
    }
    case SILU: { return vec4f(silu(v.x), silu(v.y), silu(v.z), silu(v.w)); }
    case POWER: { return power(v, params.c0); }
    case SIN: { return vec4f(sin(v.x), sin(v.y), sin(v.z), sin(v.w)); }
    case COS: { return vec4f(cos(v.x), cos(v.y), cos(v.z), cos(v.w)); }
    case SIGN: { return sign_of(v); }
    case FLOOR: { return vec4f(floor_of(v.x), floor_of(v.y), floor_of(v.z), floor_of(v.w)); }
    case CEIL: { return vec4f(ceiling(v.x), ceiling(v.y), ceiling(v.z), ceiling(v.w)); }
    case ROUND: { return vec4f(even(v.x), even(v.y), even(v.z), even(v.w)); }
    case TRUNC: {
      return vec4f(whole_part(v.x), whole_part(v.y), whole_part(v.z), whole_part(v.w));
    }
    case ELU: {
      let below = product4(vec4f(params.c0), vec4f(expm1(v.x), expm1(v.y), expm1(v.z), expm1(v.w)));
      return select(below, v, key(v) > vec4i());
    }
    default: { return v; }
  }
}

fn df(s: vec4f) -> vec4f {
  switch OP {
    case NEG: { return vec4f(-1.0); }
    case EXP: { return s; }
    case LOG: { return 1.0 / s; }
    case SQRT: { return 0.5 / s; }
    case ABS: { return sign_of(s); }
    case CLAMP: {
      return vec4f((key(s) >= key(vec4f(params.c0))) & (key(s) <= key(vec4f(params.c1))));
    }
    case RELU: { return vec4f(key(s) > vec4i()); }
    case LEAKY_RELU: { return select(vec4f(params.c0), vec4f(1.0), key(s) > vec4i()); }
    case TANH: { return 1.0 - once4(s * s); }
    case SIGMOID: { return s * (1.0 - s); }
    case SOFTPLUS: {
      let t = s * params.c0;
      return select(sigmoid4(t), vec4f(1.0), t > vec4f(params.c1));
    }
    case GELU: { return vec4f(gelu_slope(s.x), gelu_slope(s.y), gelu_slope(s.z), gelu_slope(s.w)); }
    case GELU_TANH: {
      let low = vec2f(gelu_tanh_slope(s.x), gelu_tanh_slope(s.y));
      return vec4f(low, gelu_tanh_slope(s.z), gelu_tanh_slope(s.w));
    }
    case SILU: { // σ(x) (1 + x σ(−x)): 1 − σ(x) would lose digits
      return sigmoid4(s) * (1.0 + once4(s * sigmoid4(-s)));
    }
    case POWER: {
      if (params.c0 == 0.0) { return vec4f(0.0); }
      return params.c0 * power(s, params.c0 - 1.0);
    }
    case SIN: { return vec4f(cos(s.x), cos(s.y), cos(s.z), cos(s.w)); }
    case COS: { return -vec4f(sin(s.x), sin(s.y), sin(s.z), sin(s.w)); }
    case SIGN, FLOOR, CEIL, ROUND, TRUNC: { return vec4f(0.0); }
    case ELU: { return select(params.c0 * exp4(s), vec4f(1.0), key(s) > vec4i()); }
    case HARDTANH: {
      return vec4f((key(s) > key(vec4f(params.c0))) & (key(s) < key(vec4f(params.c1))));
    }
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
  y[i] = product4(dy[params.dy_offset / 4u + i], df(x[params.x_offset / 4u + i]));
}
