// Rows that one invocation walks along, or all invocations of a workgroup together
//
// On a CPU a row belongs to an invocation. On a GPU neighbouring invocations should read
// neighbouring memory, so a long row belongs to a workgroup (TOGETHER): each invocation takes the
// elements from its lane on, `stride` apart, and their results are put together as a tree, in one
// fixed order.

import package::lib::grid::workgroup_index;
import package::lib::nan::larger;

override TOGETHER: bool = false;
override WORKGROUP: u32 = 64;

var<workgroup> shares: array<f32, WORKGROUP>;

// The row of this invocation, and its lane there.
fn own_row(group: vec3u, groups: vec3u, local: u32) -> vec2u {
  let workgroup_number = workgroup_index(group, groups);
  if (TOGETHER) { return vec2u(workgroup_number, local); }
  return vec2u(workgroup_number * WORKGROUP + local, 0u);
}

fn stride() -> u32 {
  return select(1u, WORKGROUP, TOGETHER);
}

fn largest(v: f32, lane: u32) -> f32 {
  if (!TOGETHER) { return v; }
  share(v, lane);
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    if (lane < half) { shares[lane] = larger(shares[lane], shares[lane + half]); }
    workgroupBarrier();
  }
  return shares[0];
}

fn summed(v: f32, lane: u32) -> f32 {
  if (!TOGETHER) { return v; }
  share(v, lane);
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    if (lane < half) { shares[lane] += shares[lane + half]; }
    workgroupBarrier();
  }
  return shares[0];
}

fn share(v: f32, lane: u32) {
  workgroupBarrier(); // what was put together before has been read
  shares[lane] = v;
  workgroupBarrier();
}
