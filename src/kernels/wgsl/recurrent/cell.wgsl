// What the cells of recurrent layers share: which memory they read and write
//
//     states        h before and after every step [steps + 1, n, hidden]; an LSTM's c behind
//     x, own        the gates' parts of the input, and of h:  h Wᵀ + b        [n, gates · hidden]
//     gates         what the way back needs of a step, as its kernel says    [n, kept · hidden]
//     dx, down      the gradients of x and of own
//     dstates       of all states, as far as others have used them
//     dh_next       of h, by its product with W in the step after this one
//     carry         of h or c past that step, by other ways                  [n, hidden]
//
// An invocation computes one unit of one sample: one number of h.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // numbers of h
  hidden: u32,
  before: u32, // where h begins in the states before the step, in elements
  memory: u32, // so far behind h lies c
  is_last: u32, // 1: no step comes after this one, so dh_next and carry are 0
  x_offset: u32, states_offset: u32, gates_offset: u32,
  saved_offset: u32, history_offset: u32, dstates_offset: u32, dx_offset: u32, down_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> own: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>; // from those after the step on
@group(0) @binding(4) var<storage, read_write> gates: array<f32>;
@group(0) @binding(5) var<storage, read> saved: array<f32>; // gates, on the way back
@group(0) @binding(6) var<storage, read> history: array<f32>; // states, on the way back
@group(0) @binding(7) var<storage, read> dstates: array<f32>;
@group(0) @binding(8) var<storage, read> dh_next: array<f32>;
@group(0) @binding(9) var<storage, read_write> carry: array<f32>;
@group(0) @binding(10) var<storage, read_write> dx: array<f32>;
@group(0) @binding(11) var<storage, read_write> down: array<f32>;

// The number of h that an invocation computes.
fn unit(id: vec3u, groups: vec3u) -> u32 { return invocation_index(id, groups, WORKGROUP); }

// Where unit i has its part of the first of `count` gates; the other gates follow `hidden` apart.
fn first_of(count: u32, i: u32) -> u32 {
  return i + i / params.hidden * (count - 1u) * params.hidden;
}

// The gradient of h after the step, but for what `carry` adds.
fn dh_of(i: u32) -> f32 {
  let outside = dstates[params.dstates_offset + i];
  return select(outside + dh_next[i], outside, params.is_last != 0u);
}

fn carried(i: u32) -> f32 { return select(carry[i], 0.0, params.is_last != 0u); }
