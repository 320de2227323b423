// The last step of a matrix product whose terms were cut into parts: their sum, in order
//
//     C[i,j] = f(bias[j] + Σ_p parts[p,i,j])          parts [count, m, n]   C [m, n]
//
// A small C has few blocks, too few for a large GPU. Where it has many terms, they are cut into
// parts of equal length, and the parts are multiplied side by side, as a batch.

import package::lib::activation::{NONE, activate};
import package::lib::grid::invocation_index;

override BIAS: bool = false;
override ACTIVATION: u32 = NONE; // f
override WORKGROUP: u32 = 64;

struct Params { size: u32, n: u32, count: u32, bias_offset: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> C: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = invocation_index(id, groups, WORKGROUP);
  if (at >= params.size) { return; }
  var sum = 0.0;
  if (BIAS) { sum = bias[params.bias_offset + at % params.n]; }
  for (var p = 0u; p < params.count; p++) { sum += parts[p * params.size + at]; }
  C[at] = activate(ACTIVATION, sum);
}
