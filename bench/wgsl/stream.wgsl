// Memory read and written as fast as this adapter can: McCalpin's STREAM, its copy and its triad
//
//     copy    z[i] = x[i]
//     triad   z[i] = x[i] + s·y[i]
//
// Four numbers at a time, neighbours next to each other. Bytes are counted as that benchmark counts them: what is
// read and written, 8 and 12 a number.       J. McCalpin 1995, www.cs.virginia.edu/stream

override WORKGROUP: u32 = 256;

struct Params {
  n: u32, // vec4s
  s: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> z: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn copy(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.n) { return; }
  z[id.x] = x[id.x];
}

@compute @workgroup_size(WORKGROUP)
fn triad(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.n) { return; }
  z[id.x] = x[id.x] + params.s * y[id.x];
}
