// Sets of elements that are normalised together, and how invocations walk along them
//
//     x [outer, sets, inner]      set s: all x[o, s, i], of which there are n = outer · inner
//
// A batch norm has the samples as `outer` and the pixels as `inner`. Where a set is a row of
// memory, outer is 1. Invocations take steps of four numbers, by the constant FOUR:
//
//     ALONG    four neighbours of one set, where inner is a multiple of 4
//     ACROSS   a number of each of four neighbouring sets, where inner is 1
//     SINGLE   one number, in the first of four lanes; what the others hold is not used
//
// An item is a set, or with ACROSS four sets. Its steps are cut into parts, and a job is a part of
// an item. A job belongs to one invocation: on a CPU, where a barrier costs as much as many
// numbers, and where neighbouring sets are neighbours in memory. Else it belongs to a workgroup
// (TOGETHER). Every sum has one fixed order: runs of 16 steps, then lanes, then invocations as a
// tree.

import package::lib::grid::{invocation_index, workgroup_index};

const ALONG = 0u;
const ACROSS = 1u;
const SINGLE = 2u;

// One weight for a set, for every number in it, or for a span of its numbers.
const PER_SET = 0u;
const PER_NUMBER = 1u;
const PER_SPAN = 2u;

override FOUR: u32 = ALONG;
override TOGETHER: bool = false;
override AFFINE: u32 = PER_SET;
override HAS_WEIGHT: bool = false;
override HAS_BIAS: bool = false;
override CENTRED: bool = true; // false: without a mean, as RMSNorm
override WORKGROUP: u32 = 64;

struct Params {
  items: u32,
  inner: u32, // steps
  steps: u32, // of an item: outer · inner
  parts: u32,
  part: u32, // steps in a part
  x_offset: u32, // all offsets in elements; multiples of 4, but for SINGLE
  dy_offset: u32, before_offset: u32, weight_offset: u32, bias_offset: u32, dw_offset: u32,
  db_offset: u32,
  n: f32, // elements of a set
  eps: f32,
  groups: u32, // the weights of set s begin at s % groups · per_group
  per_group: u32, // in numbers
  span: u32, // PER_SPAN: steps with one weight
  rows: u32, // sums over several sets: item c at o has the statistics of
  per_row: u32, // set o · rows + c / per_row
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;

// The steps of a part that an invocation takes: from lane on, `stride` apart.
struct Job { item: u32, part: u32, lane: u32, first: u32, to: u32, exists: bool }

struct Place {
  q: u32, // steps of the item before this one
  o: u32, i: u32, // q = o · inner + i
  at: u32, // in memory, in steps
}

fn job(id: vec3u, group: vec3u, groups: vec3u, local: u32) -> Job {
  let of_invocation = invocation_index(id, groups, WORKGROUP);
  let index = select(of_invocation, workgroup_index(group, groups), TOGETHER);
  let exists = index < params.items * params.parts;
  let part = index / params.items;
  let first = part * params.part;
  let to = select(first, min(first + params.part, params.steps), exists);
  return Job(index % params.items, part, select(0u, local, TOGETHER), first, to, exists);
}

fn stride() -> u32 {
  return select(1u, WORKGROUP, TOGETHER);
}

fn place(item: u32, q: u32) -> Place {
  let o = q / params.inner;
  let i = q - o * params.inner;
  return Place(q, o, i, (o * params.items + item) * params.inner + i);
}

fn first_place(j: Job) -> Place {
  return place(j.item, j.first + j.lane);
}

fn next_place(p: Place, item: u32) -> Place {
  if (TOGETHER) { return place(item, p.q + WORKGROUP); }
  let wraps = p.i + 1u == params.inner;
  let jump = select(0u, (params.items - 1u) * params.inner, wraps);
  return Place(p.q + 1u, p.o + u32(wraps), select(p.i + 1u, 0u, wraps), p.at + 1u + jump);
}

// The numbers of a set in a part.
fn part_count(part: u32) -> f32 {
  let first = part * params.part;
  let steps = min(first + params.part, params.steps) - first;
  return f32(select(steps, 4u * steps, FOUR == ALONG));
}

// Where a run of 16 steps ends.
fn run_end(p: Place, j: Job) -> u32 {
  return min(p.q + 16u * stride(), j.to);
}

fn x_at(at: u32) -> vec4f {
  let e = params.x_offset + at;
  if (FOUR == SINGLE) { return vec4f(x[e / 4u][e % 4u]); }
  return x[params.x_offset / 4u + at];
}

// Where the weights of a step are: vec4s if there are four of them, else numbers.
fn weight_index(item: u32, i: u32) -> u32 {
  let base = item % params.groups * params.per_group;
  switch AFFINE {
    case PER_SET: { return item; }
    case PER_NUMBER: { return select(base / 4u, base, FOUR == SINGLE) + i; }
    case PER_SPAN: { return base + i / params.span; }
    default: { return 0u; }
  }
}

fn has_four_weights() -> bool {
  return (AFFINE == PER_SET && FOUR == ACROSS) || (AFFINE == PER_NUMBER && FOUR == ALONG);
}

fn weight_at(item: u32, i: u32) -> vec4f {
  if (!HAS_WEIGHT) { return vec4f(1.0); }
  let index = weight_index(item, i);
  if (has_four_weights()) { return weight[params.weight_offset / 4u + index]; }
  let e = params.weight_offset + index;
  return vec4f(weight[e / 4u][e % 4u]);
}
