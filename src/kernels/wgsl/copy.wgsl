// A strided view written out as a row, and a row written into a strided view
//
//     gather    row[start + i] = view[at(i)]
//     scatter   view[at(i)] = row[start + i]         at(i) = offset + Σ_d index_d(i) · stride_d
//
// Each is the other's adjoint where no stride is 0. Bits are moved, not numbers, so one kernel
// serves every type.

import package::lib::grid::invocation_index;

override RANK: u32 = 1; // a constant, so that the loop over dimensions is unrolled
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements
  start: u32, // of the row, in elements
  offset: u32, // of the view, in elements
  shape: array<vec4u, 2>, // sizes, outermost first
  strides: array<vec4u, 2>, // of the view, in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn at(i: u32) -> u32 {
  var rest = i;
  var position = params.offset;
  for (var d = RANK - 1u; d > 0u; d--) {
    let size = params.shape[d / 4u][d % 4u];
    let above = rest / size;
    position += (rest - above * size) * params.strides[d / 4u][d % 4u];
    rest = above;
  }
  return position + rest * params.strides[0][0];
}

@compute @workgroup_size(WORKGROUP)
fn gather(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[params.start + i] = x[at(i)];
}

@compute @workgroup_size(WORKGROUP)
fn scatter(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[at(i)] = x[params.start + i];
}
