// Whole rows picked by an index, and put back where they came from
//
//     pick      y[k,i] = x[index[k], i]
//     link      next[k] = the next place after k with the same index; head[k] = whether k is the first
//     collect   x[j,i] = Σₖ y[k,i] over the k with index[k] = j
//
//     x [size, width]     index [count]     y [count, width]
//
// Pick and collect are each other's adjoint. Rows of x that occur several times must be added up, and without
// float atomics: so link first chains the places of every row (count² comparisons, once, and none of
// them per column), and in collect the head of each chain walks along it, in order. Together that is
// count² + count · width and not, as from the side of x, size · width · count. The rows of x that
// nothing points to are left alone: they must hold zeros before.
//
// An index outside of x picks `missing` and collects nothing; `skip` picks 0 and collects nothing.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

const NOTHING = 4294967295u;

struct Params {
  n: u32, // invocations
  size: u32,
  count: u32,
  width: u32,
  source_offset: u32, // of x in pick, of y in collect; in elements
  index_offset: u32,
  missing: u32, // bits: NaN, or 0 for whole numbers
  skip: i32, // a row that is treated so, or −1
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>; // bits: any type can be picked
@group(0) @binding(2) var<storage, read> index: array<i32>;
@group(0) @binding(3) var<storage, read> links: array<vec2u>; // (next, head) of every place
@group(0) @binding(4) var<storage, read_write> result: array<u32>;
@group(0) @binding(5) var<storage, read_write> linking: array<vec2u>;

@compute @workgroup_size(WORKGROUP)
fn pick(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
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
fn collect(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
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
