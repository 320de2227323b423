// Adam: a step along the mean gradient, each coordinate divided by the root of its mean square
//
//     g ← g + λθ        m ← β₁m + (1−β₁)g        v ← β₂v + (1−β₂)g²        u ← max(u, v)
//     θ ← θ − lr · (m / (1−β₁ᵗ)) / (√(v / (1−β₂ᵗ)) + ε)
//
//     tick      counts the step:  t ← t + 1, and stores 1−β₁ᵗ and √(1−β₂ᵗ), for every parameter
//               that has a gradient
//     step      updates all parameter tensors, which lie side by side
//     amsgrad   the same with u instead of v, so that the divisor never falls
//
// DECOUPLED (AdamW) does not change g, but subtracts lr · λθ from θ.
//
// t lies in a buffer, so that a recorded step counts when it is replayed.
// Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; Reddi et al. 2018, arXiv:1904.09237;
// Loshchilov & Hutter 2019, arXiv:1711.05101.

import package::lib::exp::expm1;
import package::lib::grid::invocation_index;
import package::lib::products::{once4, times4};

override DECOUPLED: bool = false;
override WORKGROUP: u32 = 64;

struct Hyper {
  lr: f32, beta1: f32, beta2: f32, epsilon: f32, weight_decay: f32, log_beta1: f32,
  log_beta2: f32, one_minus_beta1: f32, one_minus_beta2: f32,
}
struct Clock { t: u32, correction1: f32, root_correction2: f32, unused: u32 }

struct Params {
  n: u32, // tick: parameter tensors; step: vec4s of θ
  base: u32, // tick: the first tensor's clock; step: the first vec4
  counted: array<vec4u, 8>, // tick: a bit per tensor, set if it has a gradient
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: Hyper;
@group(0) @binding(2) var<storage, read_write> clocks: array<Clock>;
@group(0) @binding(3) var<storage, read> clocks_now: array<Clock>;
@group(0) @binding(4) var<storage, read> owners: array<u32>; // per workgroup its tensor's index
@group(0) @binding(5) var<storage, read> grad: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> exp_avg: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> exp_avg_sq: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> max_exp_avg_sq: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> theta: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn tick(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let bits = params.counted[i / 128u][i / 32u % 4u];
  if (i >= params.n || ((bits >> (i % 32u)) & 1u) == 0u) { return; }
  let which = params.base + i;
  let t = clocks[which].t + 1u;
  clocks[which].t = t;
  clocks[which].correction1 = -expm1(f32(t) * hyper.log_beta1);
  clocks[which].root_correction2 = sqrt(-expm1(f32(t) * hyper.log_beta2));
}

struct Moments { m: vec4f, v: vec4f }

// Updates m and v.
fn observe(i: u32) -> Moments {
  var g = grad[i];
  if (!DECOUPLED) { g += times4(theta[i], hyper.weight_decay); }
  let m = times4(exp_avg[i], hyper.beta1) + times4(g, hyper.one_minus_beta1);
  let v = times4(exp_avg_sq[i], hyper.beta2) + once4(hyper.one_minus_beta2 * g * g);
  exp_avg[i] = m;
  exp_avg_sq[i] = v;
  return Moments(m, v);
}

fn descend(i: u32, m: vec4f, v: vec4f) {
  let clock = clocks_now[owners[i / WORKGROUP]];
  let divisor = sqrt(v) / clock.root_correction2 + hyper.epsilon;
  var change = hyper.lr / clock.correction1 * m / divisor;
  if (DECOUPLED) { change += times4(theta[i], hyper.lr * hyper.weight_decay); }
  theta[i] -= change;
}

@compute @workgroup_size(WORKGROUP)
fn step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  let now = observe(i);
  descend(i, now.m, now.v);
}

@compute @workgroup_size(WORKGROUP)
fn amsgrad(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  let now = observe(i);
  let u = max(max_exp_avg_sq[i], now.v);
  max_exp_avg_sq[i] = u;
  descend(i, now.m, u);
}
