// The sum of what the invocations of a job have, each in four lanes
//
// With ACROSS each lane belongs to a set of its own, and keeps its sum. Else all four lanes of the
// result hold the sum of the set.

import package::norm::sets::{ACROSS, FOUR, SINGLE, TOGETHER, WORKGROUP};

var<workgroup> shares: array<vec4f, WORKGROUP>;

fn folded(v: vec4f, lane: u32) -> vec4f {
  switch FOUR {
    case ACROSS: { return gathered(v, lane); }
    case SINGLE: { return gathered(vec4f(v.x), lane); }
    default: { return gathered(vec4f((v.x + v.y) + (v.z + v.w)), lane); }
  }
}

fn gathered(v: vec4f, lane: u32) -> vec4f {
  if (!TOGETHER) { return v; }
  workgroupBarrier(); // the sum before has been read
  shares[lane] = v;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { shares[lane] += shares[lane + half]; }
  }
  workgroupBarrier();
  return shares[0];
}
