// Running sums along a dimension
//
//     y[o,j,i] = Σ x[o,k,i] over the k ≤ j          REVERSE: over the k ≥ j
//
//     x, y [outer, size, inner]     totals [outer, parts, inner]
//
// A row is cut into parts, so that long rows keep many invocations busy and rounding stays small:
//
//     within   one invocation per part walks along it; the last sum is the part's total
//     shift    y[o,j,i] += totals[o,p,i], the sum of all parts before that of j
//
// Between the two, the totals are scanned in the same way. The order of every sum is fixed.

import package::lib::grid::invocation_index;

const F32 = 0u;

override TYPE: u32 = F32; // anything else is a whole number, whose sums wrap round
override REVERSE: bool = false;
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // invocations
  size: u32, inner: u32, parts: u32,
  part: u32, // elements per part
  x_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> before: array<u32>; // running sums of the totals
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> totals: array<u32>;

fn plus(v: u32, more: u32) -> u32 {
  if (TYPE == F32) { return bitcast<u32>(bitcast<f32>(v) + bitcast<f32>(more)); }
  return v + more;
}

// Where the element that is summed as number j of row o, i lies.
fn at(o: u32, j: u32, i: u32) -> u32 {
  return (o * params.size + select(j, params.size - 1u - j, REVERSE)) * params.inner + i;
}

@compute @workgroup_size(WORKGROUP)
fn within(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let o = n / (params.parts * params.inner);
  let first = n / params.inner % params.parts * params.part;
  let i = n % params.inner;
  var sum = x[params.x_offset + at(o, first, i)];
  y[at(o, first, i)] = sum;
  for (var j = first + 1u; j < min(first + params.part, params.size); j++) {
    sum = plus(sum, x[params.x_offset + at(o, j, i)]);
    y[at(o, j, i)] = sum;
  }
  totals[n] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn shift(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let o = n / (params.size * params.inner);
  let j = n / params.inner % params.size;
  let i = n % params.inner;
  let p = j / params.part;
  if (p == 0u) { return; }
  let here = at(o, j, i);
  y[here] = plus(before[(o * params.parts + p - 1u) * params.inner + i], y[here]);
}
