// Sums over any dimensions
//
//     y[o] = (Σ_r x[o, r]) / divisor          o: the dimensions kept    r: those summed
//
// x is read through its strides. There are two ways to divide the work. Both add in one fixed
// order, so that the same x gives the same bits every time:
//
//     rows      a workgroup per output: WORKGROUP running sums, added up as a tree. For long sums.
//     columns   an invocation per output. When neighbouring outputs read neighbouring x, and
//               there are many; and on a CPU, where a barrier costs as much as many terms.
//
// A single running f32 sum of n terms has an error of up to n/2 ulp. So columns sums in blocks of 8
// and of 64, and rows gets at most some thousand terms per workgroup: the launcher cuts a longer
// sum into `parts`, and sums the parts in a second pass.

import package::lib::grid::{invocation_index, workgroup_index};
import package::lib::strides::{Eight, position};

const F32 = 0u;

override TYPE: u32 = F32; // anything else is added as whole numbers
override KEPT_RANK: u32 = 1; // constants, so that the loops over dimensions are unrolled
override SUMMED_RANK: u32 = 1;
override WORKGROUP: u32 = 64;

struct Params {
  outputs: u32, // of this pass: kept elements × parts
  terms: u32, // per sum
  parts: u32, // per sum
  part: u32, // terms per part
  x_offset: u32, // in elements
  divisor: f32, kept_shape: Eight, kept_strides: Eight, summed_shape: Eight,
  summed_strides: Eight,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

var<workgroup> partial: array<u32, WORKGROUP>;

fn add(a: u32, b: u32) -> u32 {
  if (TYPE == F32) { return bitcast<u32>(bitcast<f32>(a) + bitcast<f32>(b)); }
  return a + b;
}

fn finish(total: u32) -> u32 {
  if (TYPE == F32) { return bitcast<u32>(bitcast<f32>(total) / params.divisor); }
  return total;
}

fn kept_position(o: u32) -> u32 {
  return params.x_offset + position(o, KEPT_RANK, params.kept_shape, params.kept_strides);
}

@compute @workgroup_size(WORKGROUP)
fn rows(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let o = workgroup_index(group, groups);
  let first = o % params.parts * params.part;
  let to = min(first + params.part, params.terms);
  let base = kept_position(o / params.parts);
  let shape = params.summed_shape;
  let strides = params.summed_strides;
  var total = 0u; // also the bits of 0.0
  if (o < params.outputs) {
    for (var r = first + local; r < to; r += WORKGROUP) {
      total = add(total, x[base + position(r, SUMMED_RANK, shape, strides)]);
    }
  }
  partial[local] = total;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { partial[local] = add(partial[local], partial[local + half]); }
  }
  if (local == 0u && o < params.outputs) { y[o] = finish(partial[0]); }
}

@compute @workgroup_size(WORKGROUP)
fn columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let o = invocation_index(id, groups, WORKGROUP);
  if (o >= params.outputs) { return; }
  let part = o / (params.outputs / params.parts); // neighbours differ in the output
  let first = part * params.part;
  let to = min(first + params.part, params.terms);
  let base = kept_position(o % (params.outputs / params.parts));
  let shape = params.summed_shape;
  let strides = params.summed_strides;
  var total = 0u;
  for (var start = first; start < to; start += 64u) {
    var subtotal = 0u;
    for (var eighth = start; eighth < min(start + 64u, to); eighth += 8u) {
      var few = 0u;
      for (var r = eighth; r < min(eighth + 8u, to); r++) {
        few = add(few, x[base + position(r, SUMMED_RANK, shape, strides)]);
      }
      subtotal = add(subtotal, few);
    }
    total = add(total, subtotal);
  }
  y[o] = finish(total);
}
