// The gradient of a normalisation
//
//     dx = (g − Σ g / n − x̂ Σ g x̂ / n) / s        g = w dy      s = √(v + ε)
//
// sums over the set of x. Without a mean (CENTRED = false) the first sum is left out. Where a whole
// set has one weight, it is a factor of dx, and the sums are those of dy.
//
//     whole     a job is a whole set, and one launch does all
//     spread    dx of a part, from the sums of all parts of its set: see sums.wgsl
//
// With ADD, dx is added to `before`, a gradient that reached x on another way.

import package::lib::products::once4;
import package::norm::sets::{
  AFFINE, CENTRED, FOUR, Job, PER_SET, SINGLE, WORKGROUP, first_place, job, next_place, params,
  weight_at, x_at,
};
import package::norm::slopes::{Sums, dy_at, gathered_sums, known, sums_of};
import package::norm::statistics::standardized;

override ADD: bool = false;

@group(0) @binding(6) var<storage, read> before: array<f32>;
@group(0) @binding(7) var<storage, read_write> dx: array<f32>;

fn put(at: u32, value: f32) {
  if (ADD) { dx[at] = before[params.before_offset + at] + value; } else { dx[at] = value; }
}

fn put_part(j: Job, sums: Sums) {
  let of_set = known(j.item, 0u);
  var w = weight_at(j.item, 0u);
  let scale = select(vec4f(1.0), w, AFFINE == PER_SET);
  let mean_g = sums.g / params.n;
  let mean_gx = sums.gx / params.n;
  for (var p = first_place(j); p.q < j.to; p = next_place(p, j.item)) {
    var g = dy_at(p.at);
    if (AFFINE != PER_SET) { g = g * weight_at(j.item, p.i); }
    var rest = once4(g);
    if (CENTRED) { rest -= mean_g; }
    rest -= once4(standardized(x_at(p.at), of_set) * mean_gx);
    let value = scale * rest / of_set.s;
    if (FOUR == SINGLE) {
      put(p.at, value.x);
    } else {
      put(4u * p.at, value.x);
      put(4u * p.at + 1u, value.y);
      put(4u * p.at + 2u, value.z);
      put(4u * p.at + 3u, value.w);
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn whole(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let j = job(id, group, groups, local);
  put_part(j, sums_of(j));
}

@compute @workgroup_size(WORKGROUP)
fn spread(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let j = job(id, group, groups, local);
  put_part(j, gathered_sums(j));
}
