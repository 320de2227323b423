// Stochastic gradient descent, with momentum
//
//     g ← g + λθ        v ← μv + (1−τ)g   (v ← g at a tensor's first step)        θ ← θ − lr · d
//
//     d = g without momentum,  v with it,  g + μv with Nesterov's
//
//     tick       counts the step, t ← t + 1, for every parameter tensor that has a gradient
//     plain      updates all parameter tensors, which lie side by side, without momentum
//     momentum   updates them with momentum
//
// μ momentum, τ dampening, λ weight decay. v is 0 at first, so the first step differs only in τ. t
// says whether it is the first; it lies in a buffer, so that a replay of a recorded first step is
// not one. Sutskever et al. 2013, in PyTorch's form, where lr multiplies the whole velocity.

import package::lib::grid::invocation_index;
import package::lib::products::times4;

override NESTEROV: bool = false;
override WORKGROUP: u32 = 64;

struct Hyper { lr: f32, momentum: f32, dampening: f32, weight_decay: f32 }
struct Clock { t: u32, unused1: u32, unused2: u32, unused3: u32 }

struct Params {
  n: u32, // tick: parameter tensors; else vec4s of θ
  base: u32, // tick: the first tensor's clock; else the first vec4
  counted: array<vec4u, 8>, // tick: a bit per tensor, set if it has a gradient
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: Hyper;
@group(0) @binding(2) var<storage, read_write> clocks: array<Clock>;
@group(0) @binding(3) var<storage, read> clocks_now: array<Clock>;
@group(0) @binding(4) var<storage, read> owners: array<u32>; // per workgroup its tensor's index
@group(0) @binding(5) var<storage, read> grad: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> momentum_buffer: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> theta: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn tick(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let bits = params.counted[i / 128u][i / 32u % 4u];
  if (i >= params.n || ((bits >> (i % 32u)) & 1u) == 0u) { return; }
  clocks[params.base + i].t++;
}

@compute @workgroup_size(WORKGROUP)
fn plain(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  theta[i] -= times4(grad[i] + times4(theta[i], hyper.weight_decay), hyper.lr);
}

@compute @workgroup_size(WORKGROUP)
fn momentum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  let g = grad[i] + times4(theta[i], hyper.weight_decay);
  let weight = select(1.0 - hyper.dampening, 1.0, clocks_now[owners[i / WORKGROUP]].t == 1u);
  let v = times4(momentum_buffer[i], hyper.momentum) + times4(g, weight);
  momentum_buffer[i] = v;
  theta[i] -= times4(select(v, g + times4(v, hyper.momentum), NESTEROV), hyper.lr);
}
