// Running statistics: means over many batches, in which the last ones count most
//
//     running ← (1 − p) · running + p · batch        the variance with n / (n − 1) of the batch's
//
// One invocation per set. The batch's are those that forward.wgsl keeps.

import package::lib::grid::invocation_index;
import package::lib::products::times;

override ACROSS_SETS: bool = false; // how they are kept: see statistics.wgsl
override WORKGROUP: u32 = 64;

struct Params {
  sets: u32, mean_offset: u32, variance_offset: u32, momentum_offset: u32,
  unbiased: f32, // n / (n − 1)
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(2) var<storage, read> momentum: array<f32>;
@group(0) @binding(3) var<storage, read_write> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> variance: array<f32>;

fn statistic(s: u32, k: u32) -> f32 {
  if (ACROSS_SETS) { return statistics[s / 4u * 4u + k][s % 4u]; }
  return statistics[s][k];
}

fn moved(running: f32, batch: f32) -> f32 {
  let p = momentum[params.momentum_offset];
  return times(running, 1.0 - p) + times(batch, p);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = invocation_index(id, groups, WORKGROUP);
  if (s >= params.sets) { return; }
  let m = params.mean_offset + s;
  mean[m] = moved(mean[m], statistic(s, 0u) + statistic(s, 1u));
  let v = params.variance_offset + s;
  variance[v] = moved(variance[v], statistic(s, 3u) * params.unbiased);
}
