// Elements taken by an index along one dimension, and added up where they came from
//
//     forward    y[o,k,i] = x[o, index[o,k,i], i]
//     backward   x[o,j,i] = Σₖ y[o,k,i] over the k with index[o,k,i] = j
//
//     x [outer, size, inner]     index, y [outer, count, inner]
//
// Each is the other's adjoint. Backward has one invocation per element of x, so that no two write
// to one element and the order of every sum is fixed. It reads the whole index `size` times, which
// is little where size or count is small. An index outside of x gives `missing`, and adds nothing.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of what is written
  size: u32, count: u32, inner: u32,
  source_offset: u32, // in elements
  index_offset: u32,
  missing: u32, // bits: NaN, or 0 for whole numbers
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>; // bits: x, or y in backward
@group(0) @binding(2) var<storage, read> index: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = index[params.index_offset + n];
  if (j < 0 || u32(j) >= params.size) {
    result[n] = params.missing;
    return;
  }
  let o = n / (params.count * params.inner);
  let at = (o * params.size + u32(j)) * params.inner + n % params.inner;
  result[n] = source[params.source_offset + at];
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = i32(n / params.inner % params.size);
  let base = n / (params.size * params.inner) * params.count * params.inner + n % params.inner;
  var total = 0.0;
  for (var k = 0u; k < params.count; k++) {
    let at = base + k * params.inner;
    if (index[params.index_offset + at] == j) {
      total += bitcast<f32>(source[params.source_offset + at]);
    }
  }
  result[n] = bitcast<u32>(total);
}
