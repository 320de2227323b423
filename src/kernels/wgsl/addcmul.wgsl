// y[i] = x[i] + value · a[i] · b[i]
//
// All three are read through their strides, so broadcast operands and slices are read where they lie. RANK is a
// constant, so the loop over dimensions is unrolled.

import package::lib::grid::invocation_index;

override RANK: u32 = 1;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32,
  x_offset: u32,
  a_offset: u32,
  b_offset: u32,
  value: f32,
  shape: array<vec4u, 2>, // outermost first
  x_strides: array<vec4u, 2>,
  a_strides: array<vec4u, 2>,
  b_strides: array<vec4u, 2>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  var at = vec3u(params.x_offset, params.a_offset, params.b_offset);
  var rest = i;
  for (var d = RANK; d > 0u; d--) {
    let index = rest % params.shape[(d - 1u) / 4u][(d - 1u) % 4u];
    rest /= params.shape[(d - 1u) / 4u][(d - 1u) % 4u];
    at += index * vec3u(
      params.x_strides[(d - 1u) / 4u][(d - 1u) % 4u],
      params.a_strides[(d - 1u) / 4u][(d - 1u) % 4u],
      params.b_strides[(d - 1u) / 4u][(d - 1u) % 4u],
    );
  }
  y[i] = x[at.x] + params.value * a[at.y] * b[at.z];
}
