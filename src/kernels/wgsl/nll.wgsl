// The weighted score of the target class, and its adjoint
//
//     forward    e[n,s] = −w[t] · x[n,t,s]        w[n,s] = w[t]         t = labels[n,s]
//     backward   x[n,c,s] = −w[t] · e[n,s] if c = t, else 0
//
//     x [n, classes, s]     labels, e [n, s]     w [classes], or 1 everywhere
//
// A label equal to `ignore` has weight 0. One that is no class gives NaN: a kernel cannot refuse
// it, and a NaN is noticed where a wrong number would not be.

import package::lib::grid::invocation_index;

override WEIGHTED: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of result
  classes: u32,
  inner: u32, // s
  ignore: i32,
  source_offset: u32, // in elements
  labels_offset: u32, weight_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>; // x, or e in backward
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>; // e, or x in backward
@group(0) @binding(5) var<storage, read_write> w: array<f32>;

// The weight of label t.
fn weight_of(t: i32) -> f32 {
  if (t == params.ignore) { return 0.0; }
  // NaN: WGSL allows no constant that is NaN
  if (t < 0 || u32(t) >= params.classes) { return sqrt(f32(params.n) - 4294967296.0); }
  if (WEIGHTED) { return weight[params.weight_offset + u32(t)]; }
  return 1.0;
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let t = labels[params.labels_offset + i];
  let weight_t = weight_of(t);
  let inside = t >= 0 && u32(t) < params.classes;
  let c = select(0u, u32(t), inside);
  let at = (i / params.inner * params.classes + c) * params.inner + i % params.inner;
  result[i] = select(-weight_t * source[params.source_offset + at], 0.0, t == params.ignore);
  w[i] = weight_t;
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let at = i / (params.inner * params.classes) * params.inner + i % params.inner;
  let c = i / params.inner % params.classes;
  let t = labels[params.labels_offset + at];
  var v = 0.0;
  if (t == i32(c)) { v = -weight_of(t) * source[params.source_offset + at]; }
  result[i] = v;
}
