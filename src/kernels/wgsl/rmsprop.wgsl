// RMSprop: a step along the gradient, each coordinate divided by the root of its mean square
//
//     g ← g + λθ      v ← αv + (1−α)g²      d = g / (√v + ε)      θ ← θ − lr · d
//
//     centered:       m ← αm + (1−α)g,      d = g / (√(v − m²) + ε)
//     with momentum:  b ← μb + d,           θ ← θ − lr · b
//
// One entry per combination, so that no unused state is kept. Tieleman & Hinton 2012, lecture 6.5
// of "Neural networks for machine learning"; centered: Graves 2013, arXiv:1308.0850.

import package::lib::grid::invocation_index;
import package::lib::products::{once4, times4};

override WORKGROUP: u32 = 64;

struct Hyper {
  lr: f32, alpha: f32, one_minus_alpha: f32, epsilon: f32, weight_decay: f32, momentum: f32,
}

struct Params {
  n: u32, // vec4s of θ
  base: u32, // the first
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: Hyper;
@group(0) @binding(2) var<storage, read> grad: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> square_avg: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> grad_avg: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> momentum_buffer: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> theta: array<vec4f>;

fn decayed(i: u32) -> vec4f {
  return grad[i] + times4(theta[i], hyper.weight_decay);
}

fn plain_direction(i: u32) -> vec4f {
  let g = decayed(i);
  let v = times4(square_avg[i], hyper.alpha) + once4(hyper.one_minus_alpha * g * g);
  square_avg[i] = v;
  return g / (sqrt(v) + hyper.epsilon);
}

fn centered_direction(i: u32) -> vec4f {
  let g = decayed(i);
  let v = times4(square_avg[i], hyper.alpha) + once4(hyper.one_minus_alpha * g * g);
  let m = times4(grad_avg[i], hyper.alpha) + times4(g, hyper.one_minus_alpha);
  square_avg[i] = v;
  grad_avg[i] = m;
  // rounding can take the variance of nearly equal gradients below 0, where it has no root
  return g / (sqrt(max(v - once4(m * m), vec4f(0.0))) + hyper.epsilon);
}

fn accelerate(i: u32, d: vec4f) {
  let b = times4(momentum_buffer[i], hyper.momentum) + d;
  momentum_buffer[i] = b;
  theta[i] -= times4(b, hyper.lr);
}

@compute @workgroup_size(WORKGROUP)
fn plain(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  theta[i] -= times4(plain_direction(i), hyper.lr);
}

@compute @workgroup_size(WORKGROUP)
fn momentum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  accelerate(i, plain_direction(i));
}

@compute @workgroup_size(WORKGROUP)
fn centered(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  theta[i] -= times4(centered_direction(i), hyper.lr);
}

@compute @workgroup_size(WORKGROUP)
fn centeredMomentum(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  accelerate(i, centered_direction(i));
}
