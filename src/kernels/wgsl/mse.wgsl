// Squared error
//
//     forward    e[i]  = (x[i] − t[i])²
//     backward   dx[i] = 2 (x[i] − t[i]) · de[i]          dt = −dx
//
// The mean or the sum over i is taken by sum.wgsl; de is then one single value for all i
// (ONE_DE), or one per element where no mean was taken.

override ONE_DE: bool = true;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // vec4s
  x_offset: u32, // in vec4s
  t_offset: u32, // in vec4s
  de_offset: u32, // in elements if ONE_DE, else in vec4s
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> t: array<vec4f>;
@group(0) @binding(3) var<storage, read> de: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>; // e forward, dx backward

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  let difference = x[params.x_offset + i] - t[params.t_offset + i];
  y[i] = difference * difference;
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * WORKGROUP + id.x;
  if (i >= params.n) { return; }
  var de_i: vec4f;
  if (ONE_DE) {
    de_i = vec4f(de[params.de_offset / 4u][params.de_offset % 4u]);
  } else {
    de_i = de[params.de_offset + i];
  }
  y[i] = 2.0 * (x[params.x_offset + i] - t[params.t_offset + i]) * de_i;
}
