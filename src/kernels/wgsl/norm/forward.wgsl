// Normalisation: elements brought to mean 0 and variance 1 within sets, then scaled and shifted
//
//     m = Σ x / n     v = Σ (x − m)² / n     y = w (x − m) / √(v + ε) + b
//
// With CENTRED = false there is no m:  v = Σ x² / n  and  y = w x / √(v + ε).
//
//     whole       a job is a whole set, and one launch does all
//     moments     the moments of a part of a set
//     normalize   y of a part, from the moments of all parts of its set

import package::lib::products::once4;
import package::lib::roots::root4;
import package::norm::moments::{Moments, merged, moments_of};
import package::norm::sets::{
  ACROSS, AFFINE, FOUR, HAS_BIAS, Job, PER_SET, SINGLE, WORKGROUP, first_place,
  has_four_weights, job, next_place, params, part_count, weight_at, weight_index, x_at,
};
import package::norm::statistics::{Statistics, standardized};

@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> statistics: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> partial: array<vec4f>; // three for each job

fn bias_at(item: u32, i: u32) -> vec4f {
  let index = weight_index(item, i);
  if (has_four_weights()) { return bias[params.bias_offset / 4u + index]; }
  let e = params.bias_offset + index;
  return vec4f(bias[e / 4u][e % 4u]);
}

fn put_part(j: Job, of_set: Statistics) {
  var w = weight_at(j.item, 0u);
  var b = vec4f();
  if (HAS_BIAS) { b = bias_at(j.item, 0u); }
  for (var p = first_place(j); p.q < j.to; p = next_place(p, j.item)) {
    if (AFFINE != PER_SET) {
      w = weight_at(j.item, p.i);
      if (HAS_BIAS) { b = bias_at(j.item, p.i); }
    }
    let value = once4(w * standardized(x_at(p.at), of_set)) + b;
    if (FOUR == SINGLE) {
      y[p.at] = value.x;
    } else {
      y[4u * p.at] = value.x;
      y[4u * p.at + 1u] = value.y;
      y[4u * p.at + 2u] = value.z;
      y[4u * p.at + 3u] = value.w;
    }
  }
}

// √(v + ε) and what else is kept, once for each set.
fn kept(j: Job, moments: Moments) -> Statistics {
  let v = moments.squares / params.n;
  let of_set = Statistics(moments.m, moments.delta, root4(v + params.eps), v);
  if (!j.exists || j.part > 0u || j.lane > 0u) { return of_set; }
  if (FOUR == ACROSS) {
    statistics[4u * j.item] = of_set.m;
    statistics[4u * j.item + 1u] = of_set.delta;
    statistics[4u * j.item + 2u] = of_set.s;
    statistics[4u * j.item + 3u] = v;
  } else {
    statistics[j.item] = vec4f(of_set.m.x, of_set.delta.x, of_set.s.x, v.x);
  }
  return of_set;
}

@compute @workgroup_size(WORKGROUP)
fn whole(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let j = job(id, group, groups, local);
  put_part(j, kept(j, moments_of(j, params.n)));
}

@compute @workgroup_size(WORKGROUP)
fn moments(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let j = job(id, group, groups, local);
  let found = moments_of(j, part_count(j.part));
  if (!j.exists || j.lane > 0u) { return; }
  let at = 3u * (j.part * params.items + j.item);
  partial[at] = found.m;
  partial[at + 1u] = found.delta;
  partial[at + 2u] = found.squares;
}

@compute @workgroup_size(WORKGROUP)
fn normalize(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let j = job(id, group, groups, local);
  put_part(j, kept(j, merged(j)));
}
