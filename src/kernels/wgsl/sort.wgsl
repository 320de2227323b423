// Sorting along a dimension by merging. Equal elements stay in their order.
//
//     runs      each element counts those before it in its run of 32: that is its place
//     merge     neighbouring runs are merged: an element's place is its own, and the number of
//               elements of the other run that come before it, found by halving
//     indices   where the first `count` elements of the sorted row were
//
//     x [outer, size, inner]     at [outer, count, inner]     sorted [outer · inner, size]
//
// A pair is the element as a whole number that keeps the order, and its index. The first pass
// costs 32 reads per element; then log₂(size / 32) passes cost log₂(run) reads each. No pass waits
// for other invocations, so rows of any length are sorted at once. NaN is larger than all numbers.

import package::lib::grid::invocation_index;
import package::lib::order::rank_of;

override TYPE: u32 = 0; // f32, i32, u32, bool
override DESCENDING: bool = false;
override WORKGROUP: u32 = 64;

const RUN = 32u;

struct Params {
  n: u32, // elements of what is written
  size: u32, inner: u32,
  run: u32, // elements of a sorted run
  count: u32,
  x_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> pairs: array<vec2u>; // (key, index)
@group(0) @binding(3) var<storage, read_write> sorted: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> at: array<u32>;

fn key_at(row: u32, j: u32) -> u32 {
  let o = row / params.inner;
  let here = (o * params.size + j) * params.inner + row % params.inner;
  let key = rank_of(x[params.x_offset + here], TYPE);
  return select(key, ~key, DESCENDING);
}

@compute @workgroup_size(WORKGROUP)
fn runs(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let row = n / params.size;
  let j = n % params.size;
  let first = j / RUN * RUN;
  let own = key_at(row, j);
  var place = first;
  for (var k = first; k < min(first + RUN, params.size); k++) {
    let key = key_at(row, k);
    place += u32(key < own || (key == own && k < j));
  }
  sorted[row * params.size + place] = vec2u(own, j);
}

@compute @workgroup_size(WORKGROUP)
fn merge(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let row = n / params.size * params.size;
  let j = n % params.size;
  let own = pairs[n];
  let which = j / params.run;
  let first = (which ^ 1u) * params.run; // of the other run
  var low = min(first, params.size);
  var high = min(first + params.run, params.size);
  let right = which % 2u == 1u; // it comes behind equal elements of the other run
  while (low < high) {
    let middle = (low + high) / 2u;
    let key = pairs[row + middle].x;
    if (key < own.x || (right && key == own.x)) { low = middle + 1u; } else { high = middle; }
  }
  let before = low - min(first, params.size);
  sorted[row + min(which, which ^ 1u) * params.run + j % params.run + before] = own;
}

@compute @workgroup_size(WORKGROUP)
fn indices(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let i = n % params.inner;
  let k = n / params.inner % params.count;
  let o = n / params.inner / params.count;
  at[n] = pairs[(o * params.inner + i) * params.size + k].y;
}
