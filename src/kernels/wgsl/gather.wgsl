// Elements picked by an index along one dimension, and put back where they came from
//
//     pick      y[o,k,i] = x[o, index[o,k,i], i]
//     collect   x[o,j,i] = Σₖ y[o,k,i] over the k with index[o,k,i] = j
//
//     x [outer, size, inner]     index, y [outer, count, inner]
//
// Pick and collect are each other's adjoint. Collect is computed from the side of x, so that no two
// invocations write to one place and the order of every sum is fixed: it reads the index `size` times over,
// which is little where one of the two counts is small. An index outside of x picks `missing` and
// collects nothing.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of what is written
  size: u32,
  count: u32,
  inner: u32,
  source_offset: u32, // of x in pick, of y in collect; in elements
  index_offset: u32,
  missing: u32, // bits: NaN, or 0 for whole numbers
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>; // bits: any type can be picked
@group(0) @binding(2) var<storage, read> index: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn pick(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = index[params.index_offset + n];
  if (j < 0 || u32(j) >= params.size) {
    result[n] = params.missing;
    return;
  }
  let o = n / (params.count * params.inner);
  result[n] = source[params.source_offset + (o * params.size + u32(j)) * params.inner + n % params.inner];
}

@compute @workgroup_size(WORKGROUP)
fn collect(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = i32(n / params.inner % params.size);
  let base = n / (params.size * params.inner) * params.count * params.inner + n % params.inner;
  var total = 0.0;
  for (var k = 0u; k < params.count; k++) {
    let at = base + k * params.inner;
    if (index[params.index_offset + at] == j) { total += bitcast<f32>(source[params.source_offset + at]); }
  }
  result[n] = bitcast<u32>(total);
}
