// What the cells of recurrent layers share: which memory they read and write
//
//     x, own        the gates' parts of the input, and of h: h Wᵀ + b         [n, gates · hidden]
//     states        h before and after every step, [steps + 1, n, hidden]; behind it an LSTM's c
//     kept          what the way back needs of a step                         [n, 4 · hidden]
//
// and on the way back, where these two are only read, as states_then and kept_then:
//
//     d_x, d_own    the gradients of x and of own
//     d_states      those of all states, as far as others have used them
//     d_h           what reaches h by its product with W in the step after this one
//     carry         what reaches h (GRU) or c (LSTM) from there by other ways
//
// An invocation computes one unit of one sample: one number of h.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // numbers of h
  hidden: u32,
  before: u32, // where h before the step begins in all states, in elements
  memory: u32, // so far behind h lies c
  is_last: u32, // 1: no step comes after this one, so d_h and carry are 0
  x_offset: u32, states_offset: u32, kept_offset: u32, // states: h after the step
  states_then_offset: u32, kept_then_offset: u32,
  d_states_offset: u32, d_x_offset: u32, d_own_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> own: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(4) var<storage, read_write> kept: array<f32>;
@group(0) @binding(5) var<storage, read> states_then: array<f32>;
@group(0) @binding(6) var<storage, read> kept_then: array<f32>;
@group(0) @binding(7) var<storage, read> d_states: array<f32>;
@group(0) @binding(8) var<storage, read> d_h: array<f32>;
@group(0) @binding(9) var<storage, read_write> carry: array<f32>;
@group(0) @binding(10) var<storage, read_write> d_x: array<f32>;
@group(0) @binding(11) var<storage, read_write> d_own: array<f32>;

// The number of h that an invocation computes.
fn unit(id: vec3u, groups: vec3u) -> u32 { return invocation_index(id, groups, WORKGROUP); }

// Where unit i has its part of the first of `count` gates; the other gates follow `hidden` apart.
fn first_of(count: u32, i: u32) -> u32 {
  return i + i / params.hidden * (count - 1u) * params.hidden;
}

// The gradient of h after the step, but for what `carry` adds.
fn gradient_of_h(i: u32) -> f32 {
  let outside = d_states[params.d_states_offset + i];
  return select(outside + d_h[i], outside, params.is_last != 0u);
}

fn carried(i: u32) -> f32 { return select(carry[i], 0.0, params.is_last != 0u); }
