// Adagrad: a step along the gradient, each coordinate divided by the root of its summed squares
//
//     g ← g + λθ      s ← s + g²      θ ← θ − lr / (1 + (t−1)η) · g / (√s + ε)
//
//     tick   counts the step:  t ← t + 1, and stores lr / (1 + (t−1)η), for every parameter that
//            has a gradient
//     step   updates all parameter tensors, which lie side by side
//
// t lies in a buffer, so that a recorded step counts when it is replayed.
// Duchi, Hazan & Singer 2011, "Adaptive subgradient methods for online learning".

import package::lib::grid::invocation_index;
import package::lib::products::{once4, times, times4};

override WORKGROUP: u32 = 64;

struct Hyper { lr: f32, lr_decay: f32, weight_decay: f32, epsilon: f32 }
struct Clock { t: u32, rate: f32, unused1: u32, unused2: u32 }

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
@group(0) @binding(6) var<storage, read_write> sum: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> theta: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn tick(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let bits = params.counted[i / 128u][i / 32u % 4u];
  if (i >= params.n || ((bits >> (i % 32u)) & 1u) == 0u) { return; }
  let which = params.base + i;
  let before = clocks[which].t;
  clocks[which].t = before + 1u;
  clocks[which].rate = hyper.lr / (1.0 + times(f32(before), hyper.lr_decay));
}

@compute @workgroup_size(WORKGROUP)
fn step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = params.base + invocation_index(id, groups, WORKGROUP);
  if (i - params.base >= params.n) { return; }
  let g = grad[i] + times4(theta[i], hyper.weight_decay);
  let s = sum[i] + once4(g * g);
  sum[i] = s;
  theta[i] -= clocks_now[owners[i / WORKGROUP]].rate * g / (sqrt(s) + hyper.epsilon);
}
