// The score of the right class, and what goes back to it
//
//     pick      e[n,s] = −w[t] · x[n,t,s]        share[n,s] = w[t]         t = target[n,s]
//     spread    x[n,c,s] = −w[t] · e[n,s] if c = t, else 0
//
//     x [n, classes, s]     target, e, share [n, s]     w [classes], or 1 everywhere
//
// Pick and spread are each other's adjoint. A target of `ignore` has weight 0; one that is no class gives
// NaN: nobody can refuse it here, and NaN is seen where a wrong number would not be.

import package::lib::grid::invocation_index;

override WEIGHTED: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations: elements of what is written
  classes: u32,
  inner: u32, // s
  ignore: i32,
  source_offset: u32, // in elements
  labels_offset: u32,
  weight_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x, or e in spread
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
@group(0) @binding(5) var<storage, read_write> share: array<f32>;

// The weight of a target: 0 if it is ignored, NaN if it is no class.
fn weight_of(t: i32) -> f32 {
  if (t == params.ignore) { return 0.0; }
  if (t < 0 || u32(t) >= params.classes) { return sqrt(f32(params.n) - 4294967296.0); } // NaN: no constant may be
  if (WEIGHTED) { return weight[params.weight_offset + u32(t)]; }
  return 1.0;
}

@compute @workgroup_size(WORKGROUP)
fn pick(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let t = labels[params.labels_offset + i];
  let w = weight_of(t);
  let inside = t >= 0 && u32(t) < params.classes;
  let at = (i / params.inner * params.classes + select(0u, u32(t), inside)) * params.inner + i % params.inner;
  result[i] = select(-w * source[params.source_offset + at], 0.0, t == params.ignore);
  share[i] = w;
}

@compute @workgroup_size(WORKGROUP)
fn spread(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let at = i / (params.inner * params.classes) * params.inner + i % params.inner;
  let c = i / params.inner % params.classes;
  let t = labels[params.labels_offset + at];
  var v = 0.0;
  if (t == i32(c)) { v = -weight_of(t) * source[params.source_offset + at]; }
  result[i] = v;
}
