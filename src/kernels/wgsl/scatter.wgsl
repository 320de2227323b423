// Elements written to the places that an index names along one dimension
//
//     put     y[o, index[o,k,i], i] = source[o,k,i]             no place is named twice
//     claim   claims[o,j,i] = 1 + the last k with index[o,k,i] = j, or 0
//     sums    y[o,j,i] = Σₖ source[o,k,i] over the k with index[o,k,i] = j
//
//     y, claims [outer, size, inner]     source, index, order [outer, count, inner]
//
// A claim is a maximum of whole numbers, so the order of writes does not matter. For the sums,
// `order` says which k come one after the other when the index is sorted: the first of equal ones
// adds up all of them, in the order of k. y and claims must be zero before. Indices outside of y
// are left out.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of the index
  size: u32, count: u32, inner: u32,
  source_offset: u32, // in elements
  index_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read> index: array<i32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> claims: array<atomic<u32>>;

fn index_at(n: u32) -> i32 {
  return index[params.index_offset + n];
}

fn inside(j: i32) -> bool {
  return j >= 0 && u32(j) < params.size;
}

// Of place j in the row of element n of the index.
fn place(n: u32, j: i32) -> u32 {
  let o = n / (params.count * params.inner);
  return (o * params.size + u32(j)) * params.inner + n % params.inner;
}

@compute @workgroup_size(WORKGROUP)
fn put(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = index_at(n);
  if (inside(j)) { y[place(n, j)] = source[params.source_offset + n]; }
}

@compute @workgroup_size(WORKGROUP)
fn claim(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = index_at(n);
  if (inside(j)) { atomicMax(&claims[place(n, j)], n / params.inner % params.count + 1u); }
}

@compute @workgroup_size(WORKGROUP)
fn sums(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let row = n / (params.count * params.inner) * params.count * params.inner + n % params.inner;
  let first = n / params.inner % params.count;
  let j = index_at(row + order[n] * params.inner);
  if (!inside(j)) { return; }
  if (first > 0u && index_at(row + order[n - params.inner] * params.inner) == j) { return; }
  var total = 0.0;
  for (var k = first; k < params.count; k++) {
    let at = row + order[row + k * params.inner] * params.inner;
    if (index_at(at) != j) { break; }
    total += bitcast<f32>(source[params.source_offset + at]);
  }
  y[place(n, j)] = bitcast<u32>(total);
}
