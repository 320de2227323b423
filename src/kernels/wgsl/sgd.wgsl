// Stochastic gradient descent, with momentum
//
//     g ← g + λθ        v ← μv + (1−τ)g   (v ← g at a tensor's first step)        θ ← θ − lr · d
//
//     d = g without momentum,  v with it,  g + μv with Nesterov's
//
// μ momentum, τ dampening, λ weight decay. Sutskever et al. 2013, in PyTorch's form, where lr
// multiplies the whole velocity.

override NESTEROV: bool = false;
override FIRST: bool = false;
override WORKGROUP: u32 = 64;

struct Hyper { lr: f32, momentum: f32, dampening: f32, weight_decay: f32 }

struct Params {
  n: u32, // vec4s of θ
  grad_offset: u32, // in vec4s
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: Hyper;
@group(0) @binding(2) var<storage, read> grad: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> velocity: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> theta: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn plain(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  theta[i] -= hyper.lr * (grad[params.grad_offset + i] + hyper.weight_decay * theta[i]);
}

@compute @workgroup_size(WORKGROUP)
fn momentum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  let g = grad[params.grad_offset + i] + hyper.weight_decay * theta[i];
  var v = g;
  if (!FIRST) { v = hyper.momentum * velocity[i] + (1.0 - hyper.dampening) * g; }
  velocity[i] = v;
  theta[i] -= hyper.lr * select(v, g + hyper.momentum * v, NESTEROV);
}
