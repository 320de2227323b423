// The norm of many tensors as of one long vector, and what to shorten it by
//
//     partial   s[at + k] = Σ |x[i]|ᵖ over the vec4s i = k, k + parts, k + 2·parts, … of one tensor
//     finish    norm = (Σ s)^(1/p)        coefficient = min(1, limit / (norm + 1e-6))
//     scale     y ← y · coefficient, in place
//
// p = ∞ takes the largest |x[i]| instead of a sum. All tensors write their parts into one s, so
// that nothing but the last small sum waits for them all. Neighbouring invocations read
// neighbouring vec4s; each sums at most 64 of them, and the order is fixed. The coefficient stays
// on the GPU: nobody has to wait for the norm.
//
// A launch works on up to twelve tensors of one buffer, as an optimizer keeps its gradients: a
// table says where they lie.

import package::lib::grid::invocation_index;
import package::lib::nan::larger;
import package::lib::pow::pow;
import package::lib::products::times;

const MAX = 0u;
const ABS = 1u;
const SQUARE = 2u;
const POWER = 3u;

override KIND: u32 = SQUARE;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations; finish: elements of s
  count: u32, // tensors
  p: f32, limit: f32,
  // Per tensor: its first vec4, its elements, where its parts begin in s, and how many invocations
  // work on the tensors before it.
  tensors: array<vec4u, 12>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> parts_out: array<f32>;
@group(0) @binding(3) var<storage, read> parts_in: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>; // norm, coefficient
@group(0) @binding(5) var<storage, read> found: array<f32>; // the same, to be read
@group(0) @binding(6) var<storage, read_write> y: array<vec4f>;

var<workgroup> folded: array<f32, WORKGROUP>;

fn join(a: f32, b: f32) -> f32 {
  if (KIND == MAX) { return larger(a, b); }
  return a + b;
}

fn term(v: f32) -> f32 {
  if (KIND == SQUARE) { return times(v, v); }
  if (KIND == POWER) { return select(pow(abs(v), params.p), 0.0, v == 0.0); }
  return abs(v);
}

// The row of the tensor on which invocation i works.
fn tensor_of(i: u32) -> vec4u {
  var row = params.tensors[0];
  for (var t = 1u; t < params.count; t++) {
    if (i >= params.tensors[t].w) { row = params.tensors[t]; }
  }
  return row;
}

@compute @workgroup_size(WORKGROUP)
fn partial(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = invocation_index(id, groups, WORKGROUP);
  if (number >= params.n) { return; }
  let row = tensor_of(number);
  let n = row.y;
  let parts = (n + 255u) / 256u;
  let k = number - row.w;
  var sum = 0.0;
  for (var i = k; 4u * i < n; i += parts) {
    let v = x[row.x + i];
    let left = n - 4u * i; // what lies behind the last element is not ours
    var four = term(v.x);
    if (left > 1u) { four = join(four, term(v.y)); }
    if (left > 2u) { four = join(four, term(v.z)); }
    if (left > 3u) { four = join(four, term(v.w)); }
    sum = join(sum, four);
  }
  parts_out[row.z + k] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn finish(@builtin(local_invocation_index) local: u32) {
  var sum = 0.0;
  for (var i = local; i < params.n; i += WORKGROUP) { sum = join(sum, parts_in[i]); }
  folded[local] = sum;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { folded[local] = join(folded[local], folded[local + half]); }
  }
  if (local > 0u) { return; }
  var norm = folded[0];
  if (KIND == SQUARE) { norm = sqrt(norm); }
  if (KIND == POWER && norm > 0.0) { norm = pow(norm, 1.0 / params.p); }
  let coefficient = params.limit / (norm + 1e-6);
  result[0] = norm;
  result[1] = select(coefficient, 1.0, coefficient > 1.0); // a NaN stays one
}

@compute @workgroup_size(WORKGROUP)
fn scale(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let row = tensor_of(i);
  y[row.x + i - row.w] *= found[1];
}
