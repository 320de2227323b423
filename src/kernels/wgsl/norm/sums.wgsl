// The sums that the gradients of a normalisation need, and the gradients of weights and biases
//
//     dw = Σ dy x̂        db = Σ dy
//
//     main     Σ g and Σ g x̂ over a part of an item: see slopes.wgsl
//     total    dw and db from the sums of all parts

import package::lib::grid::invocation_index;
import package::norm::sets::{ACROSS, FOUR, Job, WORKGROUP, job, params};
import package::norm::slopes::{gathered_sums, sums_of};

override HAS_DW: bool = false;
override HAS_DB: bool = false;

@group(0) @binding(6) var<storage, read_write> partial: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> gradients: array<f32>; // dw and db

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let j = job(id, group, groups, local);
  let found = sums_of(j);
  if (!j.exists || j.lane > 0u) { return; }
  let at = 2u * (j.part * params.items + j.item);
  partial[at] = found.g;
  partial[at + 1u] = found.gx;
}

@compute @workgroup_size(WORKGROUP)
fn total(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let item = invocation_index(id, groups, WORKGROUP);
  let all = gathered_sums(Job(item, 0u, 0u, 0u, 0u, true));
  if (item >= params.items) { return; } // only here: a barrier wants all invocations
  if (FOUR == ACROSS) {
    for (var k = 0u; k < 4u; k++) { put(4u * item + k, all.gx[k], all.g[k]); }
  } else {
    put(item, all.gx.x, all.g.x);
  }
}

fn put(c: u32, dw: f32, db: f32) {
  if (HAS_DW) { gradients[params.dw_offset + c] = dw; }
  if (HAS_DB) { gradients[params.db_offset + c] = db; }
}
