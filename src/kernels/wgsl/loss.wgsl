// Losses of a prediction x and a target t, element by element, and their derivatives
//
//     forward    e[i]  = f(x[i], t[i])
//     backward   dx[i] = de[i] · ∂f/∂x        or, with TO_TARGET,  dt[i] = de[i] · ∂f/∂t
//     total      sums f into a few parts, and on the way keeps, with SLOPE,  y[i] = scale · ∂f/∂x,
//                or y[i] = scale · ∂f/∂z if x = g(z) of relu, tanh or sigmoid: g′(z) follows from x
//
//   op              f, with d = x − t                      ∂f/∂x                    ∂f/∂t
//   SQUARED         d²                                     2d                       −2d
//   ABSOLUTE        |d|                                    sign d, 0 at 0           −∂f/∂x
//   SMOOTH          d² / 2c if |d| < c, else |d| − c/2     d / c or sign d          −∂f/∂x
//   HUBER           d² / 2  if |d| < c, else c (|d| − c/2) d or c · sign d          −∂f/∂x
//   CROSS           −t ln x − (1 − t) ln(1 − x)            d / max(x (1−x), 10⁻¹²)  ln((1 − x) / x)
//   CROSS_LOGITS    max(x, 0) − x t + ln(1 + e^−|x|)       σ(x) − t                 −x
//   DIVERGENCE      t (ln t − x), 0 where t ≤ 0            −t                       ln t + 1 − x
//   LOG_DIVERGENCE  e^t (t − x)                            −e^t                     e^t (t + 1 − x)
//
// CROSS takes no logarithm below −100, so a prediction that is exactly wrong costs 100 and not ∞. A
// mean or a sum over i is `total`, whose parts sum.wgsl adds up: one pass over x and t gives the
// loss and its gradient. Elsewhere de is one single value for all i (ONE_DE), or one per element.

import package::lib::activation::{NONE, slope4};
import package::lib::exp::exp4;
import package::lib::grid::invocation_index;
import package::lib::log::{log1p4, log4, log_one_minus4};
import package::lib::nan::is_nan4;
import package::lib::products::once4;
import package::lib::sigmoid::sigmoid4;

const SQUARED = 0u;
const ABSOLUTE = 1u;
const SMOOTH = 2u;
const HUBER = 3u;
const CROSS = 4u;
const CROSS_LOGITS = 5u;
const DIVERGENCE = 6u;
const LOG_DIVERGENCE = 7u;

override OP: u32 = SQUARED;
override TO_TARGET: bool = false;
override ONE_DE: bool = true;
override SLOPE: bool = false;
override ACTIVATION: u32 = NONE; // the g that x came out of: none, relu, tanh, sigmoid
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // vec4s
  x_offset: u32, // in elements, a multiple of 4
  t_offset: u32,
  de_offset: u32, // any number if ONE_DE
  c: f32,
  size: u32, // total: elements
  parts: u32, // total: invocations
  scale: f32, // total: 1 / n for a mean
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> t: array<vec4f>;
@group(0) @binding(3) var<storage, read> de: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>; // e forward, dx or dt backward
@group(0) @binding(5) var<storage, read_write> partial: array<f32>; // total

// A logarithm, not below −100.
fn floored(l: vec4f) -> vec4f {
  return select(l, vec4f(-100.0), l < vec4f(-100.0));
}

fn f(v: vec4f, w: vec4f) -> vec4f {
  let d = v - w;
  let c = vec4f(params.c);
  switch OP {
    case SQUARED: { return d * d; }
    case ABSOLUTE: { return abs(d); }
    case SMOOTH: { return select(abs(d) - 0.5 * c, 0.5 * d * d / c, abs(d) < c); }
    case HUBER: { return select(c * (abs(d) - 0.5 * c), 0.5 * d * d, abs(d) < c); }
    case CROSS: {
      return once4(-w * floored(log4(v))) - once4((1.0 - w) * floored(log_one_minus4(v)));
    }
    case CROSS_LOGITS: {
      return select(max(v, vec4f(0.0)), v, is_nan4(v)) - once4(v * w) + log1p4(exp4(-abs(v)));
    }
    case DIVERGENCE: { return select(w * (log4(w) - v), -w * v, w <= vec4f(0.0)); }
    default: { return exp4(w) * (w - v); }
  }
}

fn dx(v: vec4f, w: vec4f) -> vec4f {
  let d = v - w;
  let c = vec4f(params.c);
  switch OP {
    case SQUARED: { return 2.0 * d; }
    case ABSOLUTE: { return sign(d); }
    case SMOOTH: { return select(sign(d), d / c, abs(d) < c); }
    case HUBER: { return select(c * sign(d), d, abs(d) < c); }
    case CROSS: { return d / max(v * (1.0 - v), vec4f(1e-12)); }
    case CROSS_LOGITS: { return sigmoid4(v) - w; }
    case DIVERGENCE: { return -w; }
    default: { return -exp4(w); }
  }
}

fn dt(v: vec4f, w: vec4f) -> vec4f {
  switch OP {
    case CROSS: { return floored(log_one_minus4(v)) - floored(log4(v)); }
    case CROSS_LOGITS: { return -v; }
    case DIVERGENCE: { return select(log4(w) + 1.0 - v, -v, w <= vec4f(0.0)); }
    case LOG_DIVERGENCE: { return exp4(w) * (w + 1.0 - v); }
    default: { return -dx(v, w); }
  }
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[i] = f(x[params.x_offset / 4u + i], t[params.t_offset / 4u + i]);
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  var de_i: vec4f;
  if (ONE_DE) {
    de_i = vec4f(de[params.de_offset / 4u][params.de_offset % 4u]);
  } else {
    de_i = de[params.de_offset / 4u + i];
  }
  let v = x[params.x_offset / 4u + i];
  let w = t[params.t_offset / 4u + i];
  if (TO_TARGET) { y[i] = de_i * dt(v, w); } else { y[i] = de_i * dx(v, w); }
}

// Invocation p sums the vec4s p, p + parts, p + 2 parts, …
@compute @workgroup_size(WORKGROUP)
fn total(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.parts) { return; }
  var sum = vec4f();
  for (var i = id.x; i < params.n; i += params.parts) {
    let v = x[params.x_offset / 4u + i];
    let w = t[params.t_offset / 4u + i];
    let here = vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.size);
    sum += select(vec4f(), once4(f(v, w)), here);
    if (SLOPE) { y[i] = params.scale * dx(v, w) * slope4(ACTIVATION, v); }
  }
  partial[id.x] = (sum.x + sum.y) + (sum.z + sum.w);
}
