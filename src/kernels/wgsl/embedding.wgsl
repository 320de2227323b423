// Whole rows taken by an index, and added up where they came from
//
//     forward    y[k,i] = x[index[k], i]
//     link       next[k] = the next k with the same index; head[k] = whether k is the first
//     backward   x[j,i] = Σₖ y[k,i] over the k with index[k] = j
//
//     x [size, width]     index [count]     y [count, width]
//
// Forward and backward are each other's adjoint. Rows of x that occur several times must be added
// up in a fixed order, without float atomics. So link first chains the k with the same index:
// count² comparisons, once for all columns. In backward the head of each chain walks along it.
// Together that costs count² + count · width; one invocation per element of x would cost size ·
// width · count. Rows of x that no index names are not written: they must be zero before.
//
// An index outside of x gives `missing`, and adds nothing; `skip` gives 0, and adds nothing.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

const NOTHING = 4294967295u;

struct Params {
  n: u32, // invocations
  size: u32, count: u32, width: u32,
  source_offset: u32, // in elements
  index_offset: u32,
  missing: u32, // bits: NaN, or 0 for whole numbers
  skip: i32, // a row, or −1 for none
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>; // bits: x, or y in backward
@group(0) @binding(2) var<storage, read> index: array<i32>;
@group(0) @binding(3) var<storage, read> links: array<vec2u>; // (next, head) of every position
@group(0) @binding(4) var<storage, read_write> result: array<u32>;
@group(0) @binding(5) var<storage, read_write> linking: array<vec2u>;

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let j = index[params.index_offset + n / params.width];
  if (j < 0 || u32(j) >= params.size) {
    result[n] = params.missing;
  } else if (j == params.skip) {
    result[n] = 0u;
  } else {
    result[n] = source[params.source_offset + u32(j) * params.width + n % params.width];
  }
}

@compute @workgroup_size(WORKGROUP)
fn link(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let k = invocation_index(id, groups, WORKGROUP);
  if (k >= params.n) { return; }
  let j = index[params.index_offset + k];
  var following = NOTHING;
  var head = u32(j >= 0 && u32(j) < params.size && j != params.skip);
  for (var other = 0u; other < k; other++) {
    if (index[params.index_offset + other] == j) {
      head = 0u;
      break;
    }
  }
  for (var other = k + 1u; other < params.count; other++) {
    if (index[params.index_offset + other] == j) {
      following = other;
      break;
    }
  }
  linking[k] = vec2u(following, head);
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let k = n / params.width;
  let column = n % params.width;
  if (links[k].y == 0u) { return; }
  var total = 0.0;
  for (var at = k; at != NOTHING; at = links[at].x) {
    total += bitcast<f32>(source[params.source_offset + at * params.width + column]);
  }
  result[u32(index[params.index_offset + k]) * params.width + column] = bitcast<u32>(total);
}
