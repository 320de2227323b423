// A strided view, written out element after element
//
//     y[y_offset + i] = x[x_offset + Σ_d index_d(i) · stride_d]
//
// Bits are moved, not numbers, so one kernel serves every type.

override RANK: u32 = 1; // a constant, so that the loop over dimensions is unrolled
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements
  x_offset: u32, // in elements
  y_offset: u32,
  shape: array<vec4u, 2>, // sizes, outermost first
  strides: array<vec4u, 2>, // of x, in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  var rest = i;
  var at = params.x_offset;
  for (var d = RANK - 1u; d > 0u; d--) {
    let size = params.shape[d / 4u][d % 4u];
    let above = rest / size;
    at += (rest - above * size) * params.strides[d / 4u][d % 4u];
    rest = above;
  }
  at += rest * params.strides[0][0];
  y[params.y_offset + i] = x[at];
}
