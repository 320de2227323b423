// Partial sums added up, in order: the second launch of a convolution's weight gradient
//
//     dw[i] = Σ_p partial[p, i]          db[i] = Σ_p partial[p, weights + i]
//
//     partial [parts, weights + biases]     dw [weights]     db [biases], both in one buffer

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // weights + biases
  weights: u32, parts: u32,
  dw_offset: u32, // in elements
  db_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

// The numbers of four parts, loaded together: no load waits for a sum. 0 past the last part.
fn four_parts(part: u32, i: u32) -> vec4f {
  let at = part * params.n + i;
  let v = vec4f(partial[at], partial[at + params.n],
                partial[at + 2u * params.n], partial[at + 3u * params.n]);
  return select(vec4f(), v, vec4u(params.parts - part) > vec4u(0u, 1u, 2u, 3u));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  var sum = 0.0;
  for (var part = 0u; part < params.parts; part += 4u) {
    let v = four_parts(part, i);
    sum += v.x; sum += v.y; sum += v.z; sum += v.w;
  }
  if (i < params.weights) {
    result[params.dw_offset + i] = sum;
  } else {
    result[params.db_offset + i - params.weights] = sum;
  }
}
