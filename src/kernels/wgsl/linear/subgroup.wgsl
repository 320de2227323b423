// The gradients of a fully connected layer, a 32 × 32 block per subgroup: for adapters on the CPU
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row
//
// As matmul/subgroup.wgsl: each lane computes 4 columns of all 32 rows, and what all lanes need of
// dy is loaded once and broadcast. The first workgroups compute dx, the next ones dW, the last ones
// db, four outputs per lane. Inputs and outputs are multiples of 4; the batch need not be.

import package::lib::activation::{NONE, RELU, SIGMOID};
import package::lib::broadcast::{high_lanes, low_lanes};
import package::lib::grid::workgroup_index;
import package::linear::gradients::params;

enable subgroups;

override LANES: u32 = 8; // of a subgroup: 4 or 8

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read> W: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> gradients: array<vec4f>; // dW and db

// dy[row, o..o+3], 0 past the last row.
fn upstream(row: u32, o: u32) -> vec4f {
  let v = dy[(params.dy_offset + min(row, params.batch - 1u) * params.outputs + o) / 4u];
  return select(vec4f(), v, row < params.batch);
}

// f′ from y = f(z). Without branches: this driver would take each of them for all lanes.
fn slope_of(y: vec4f) -> vec4f {
  let curved = select(vec4f(1.0), y, params.behind == SIGMOID) - y * y; // or tanh
  let bent = select(curved, vec4f(y > vec4f()), params.behind == RELU);
  return select(bent, vec4f(1.0), params.behind == NONE);
}

// Stores rows n..n+3 of dx, the last one first: a row past the edge goes to the last row of dx,
// which is then overwritten with its own values.
fn store_dx(n: u32, i: u32, c: mat4x4f) {
  if (i >= params.inputs) { return; }
  let row = params.inputs / 4u;
  let last = params.batch - 1u;
  store_dx_row(min(n + 3u, last) * row + i / 4u, c[3]);
  store_dx_row(min(n + 2u, last) * row + i / 4u, c[2]);
  store_dx_row(min(n + 1u, last) * row + i / 4u, c[1]);
  store_dx_row(n * row + i / 4u, c[0]);
}

fn store_dx_row(at: u32, v: vec4f) {
  dx[at] = v * slope_of(x[params.x_offset / 4u + at]);
}

// Stores rows o..o+3 of dW. Outputs are a multiple of 4, so all of them exist.
fn store_dW(o: u32, i: u32, c: mat4x4f) {
  if (i >= params.inputs) { return; }
  let row = params.inputs / 4u;
  let at = params.dW_offset / 4u + o * row + i / 4u;
  gradients[at] = c[0];
  gradients[at + row] = c[1];
  gradients[at + 2u * row] = c[2];
  gradients[at + 3u * row] = c[3];
}

// W[o..o+3, i..i+3], a column for each o.
fn weights(o: u32, i: u32) -> mat4x4f {
  let row = params.inputs / 4u;
  let at = params.W_offset / 4u + o * row + i / 4u;
  return mat4x4f(W[at], W[at + row], W[at + 2u * row], W[at + 3u * row]);
}

// x[n..n+3, i..i+3], a column for each n. Past the last row it is the last one again: there dy is
// 0.
fn samples(n: u32, i: u32) -> mat4x4f {
  let row = params.inputs / 4u;
  let at = params.x_offset / 4u + i / 4u;
  let last = params.batch - 1u;
  return mat4x4f(
    x[at + n * row],
    x[at + min(n + 1u, last) * row],
    x[at + min(n + 2u, last) * row],
    x[at + min(n + 3u, last) * row],
  );
}

// db for four outputs.
fn bias_gradient(four: u32) {
  let o = four * 4u;
  if (o >= params.outputs || params.bias == 0u) { return; }
  var sum = vec4f();
  for (var n = 0u; n < params.batch; n++) { sum += upstream(n, o); }
  gradients[(params.db_offset + o) / 4u] = sum;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let columns = (params.inputs + 31u) / 32u;
  let number = workgroup_index(group, groups);
  let of_dx = number < params.dx_blocks;
  let own = number - select(params.dx_blocks, 0u, of_dx);
  let first = own / columns * 32u; // sample of dx, or output of dW
  let i = own % columns * 32u + lane * 4u;
  let rows = select(params.outputs, params.batch, of_dx);
  if (first >= rows) {
    bias_gradient((own - (rows + 31u) / 32u * columns) * LANES + lane);
    return;
  }
  // Results are stored in loops whose length is not known, with the blocks of four rows shifted
  // along: a driver that has all those stores written out or unrolled compiles them for seconds.
  let end = min(first + 32u, rows);

  var c0 = mat4x4f(); var d0 = mat4x4f(); // rows 0 to 3: the lane's columns, and 16 further on
  var c1 = mat4x4f(); var d1 = mat4x4f();
  var c2 = mat4x4f(); var d2 = mat4x4f();
  var c3 = mat4x4f(); var d3 = mat4x4f();
  var c4 = mat4x4f(); var d4 = mat4x4f();
  var c5 = mat4x4f(); var d5 = mat4x4f();
  var c6 = mat4x4f(); var d6 = mat4x4f();
  var c7 = mat4x4f(); var d7 = mat4x4f();
  if (of_dx) {
    for (var o = 0u; o < params.outputs; o += 4u) {
      if (LANES == 8u) { // each lane has one row's dy at four outputs
        let s0 = upstream(first + lane, o);
        let s1 = upstream(first + 8u + lane, o);
        let s2 = upstream(first + 16u + lane, o);
        let s3 = upstream(first + 24u + lane, o);
        let here = weights(o, i);
        c0 += here * low_lanes(s0); c1 += here * high_lanes(s0);
        c2 += here * low_lanes(s1); c3 += here * high_lanes(s1);
        c4 += here * low_lanes(s2); c5 += here * high_lanes(s2);
        c6 += here * low_lanes(s3); c7 += here * high_lanes(s3);
      } else {
        let here = weights(o, i);
        let next = weights(o, i + 16u);
        let s0 = low_lanes(upstream(first + lane, o)); c0 += here * s0; d0 += next * s0;
        let s1 = low_lanes(upstream(first + 4u + lane, o)); c1 += here * s1; d1 += next * s1;
        let s2 = low_lanes(upstream(first + 8u + lane, o)); c2 += here * s2; d2 += next * s2;
        let s3 = low_lanes(upstream(first + 12u + lane, o)); c3 += here * s3; d3 += next * s3;
        let s4 = low_lanes(upstream(first + 16u + lane, o)); c4 += here * s4; d4 += next * s4;
        let s5 = low_lanes(upstream(first + 20u + lane, o)); c5 += here * s5; d5 += next * s5;
        let s6 = low_lanes(upstream(first + 24u + lane, o)); c6 += here * s6; d6 += next * s6;
        let s7 = low_lanes(upstream(first + 28u + lane, o)); c7 += here * s7; d7 += next * s7;
      }
    }
    for (var row = first; row < end; row += 4u) {
      store_dx(row, i, c0);
      c0 = c1; c1 = c2; c2 = c3; c3 = c4; c4 = c5; c5 = c6; c6 = c7;
      if (LANES == 4u) {
        store_dx(row, i + 16u, d0);
        d0 = d1; d1 = d2; d2 = d3; d3 = d4; d4 = d5; d5 = d6; d6 = d7;
      }
    }
    return;
  }

  let o = first + lane / 4u * 4u;
  for (var n = 0u; n < params.batch; n += 4u) {
    let row = n + lane % 4u;
    if (LANES == 8u) { // each lane has four outputs' dy in one row
      let s0 = upstream(row, o);
      let s1 = upstream(row, o + 8u);
      let s2 = upstream(row, o + 16u);
      let s3 = upstream(row, o + 24u);
      let here = samples(n, i);
      c0 += here * transpose(low_lanes(s0)); c1 += here * transpose(high_lanes(s0));
      c2 += here * transpose(low_lanes(s1)); c3 += here * transpose(high_lanes(s1));
      c4 += here * transpose(low_lanes(s2)); c5 += here * transpose(high_lanes(s2));
      c6 += here * transpose(low_lanes(s3)); c7 += here * transpose(high_lanes(s3));
    } else {
      let here = samples(n, i);
      let next = samples(n, i + 16u);
      let t0 = transpose(low_lanes(upstream(row, o))); c0 += here * t0; d0 += next * t0;
      let t1 = transpose(low_lanes(upstream(row, o + 4u))); c1 += here * t1; d1 += next * t1;
      let t2 = transpose(low_lanes(upstream(row, o + 8u))); c2 += here * t2; d2 += next * t2;
      let t3 = transpose(low_lanes(upstream(row, o + 12u))); c3 += here * t3; d3 += next * t3;
      let t4 = transpose(low_lanes(upstream(row, o + 16u))); c4 += here * t4; d4 += next * t4;
      let t5 = transpose(low_lanes(upstream(row, o + 20u))); c5 += here * t5; d5 += next * t5;
      let t6 = transpose(low_lanes(upstream(row, o + 24u))); c6 += here * t6; d6 += next * t6;
      let t7 = transpose(low_lanes(upstream(row, o + 28u))); c7 += here * t7; d7 += next * t7;
    }
  }
  for (var row = first; row < end; row += 4u) {
    store_dW(row, i, c0);
    c0 = c1; c1 = c2; c2 = c3; c3 = c4; c4 = c5; c5 = c6; c6 = c7;
    if (LANES == 4u) {
      store_dW(row, i + 16u, d0);
      d0 = d1; d1 = d2; d2 = d3; d3 = d4; d4 = d5; d5 = d6; d6 = d7;
    }
  }
}
