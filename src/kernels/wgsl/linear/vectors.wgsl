// The matrices of a layer's gradients by rows of vec4s, where inputs and outputs divide by 4
// of 4
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row

import package::lib::activation::{NONE, RELU, SIGMOID};
import package::lib::products::once4;
import package::linear::gradients::params;

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read> W: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> gradients: array<vec4f>; // dW and db

// dy[n, o..o+3], 0 past the last row.
fn upstream(n: u32, o: u32) -> vec4f {
  let v = dy[(params.dy_offset + min(n, params.batch - 1u) * params.outputs + o) / 4u];
  return select(vec4f(), v, n < params.batch);
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

// f′ from y = f(z). Without branches: where lanes run together, each of them would be taken.
fn slope_of(y: vec4f) -> vec4f {
  let curved = select(vec4f(1.0), y, params.behind == SIGMOID) - once4(y * y); // or tanh
  let bent = select(curved, vec4f(bitcast<vec4i>(y) > vec4i()), params.behind == RELU);
  return select(bent, vec4f(1.0), params.behind == NONE);
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

// Computes db for the outputs 4 · four and on.
fn bias_gradient(four: u32) {
  let o = four * 4u;
  if (o >= params.outputs || params.bias == 0u) { return; }
  var sum = vec4f();
  for (var n = 0u; n < params.batch; n++) { sum += upstream(n, o); }
  gradients[(params.db_offset + o) / 4u] = sum;
}
