// The gradients of a fully connected layer y = x Wᵀ + b, all in one dispatch, of any sizes and on any adapter
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′        dW[o,i] = Σ_n dy[n,o] x[n,i]        db[o] = Σ_n dy[n,o]
//
//     x [batch, inputs]   dy [batch, outputs]   W [outputs, inputs], all row after row
//
// An invocation owns 4 rows × 4 columns of dx or of dW: per term it loads 4 numbers of each factor for 16
// multiply-adds. The first invocations compute dx, the others dW; those in dW's first column also sum dy up to db.
// A row or column past the edge is the last one again, and is not stored. If x is itself f(z), then f′(z) follows from
// x, and what comes out as dx is dz already.

import package::lib::activation::{NONE, slope};
import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  batch: u32,
  outputs: u32,
  inputs: u32,
  dx_blocks: u32, // invocations that compute dx, 0 if it is not wanted
  x_offset: u32, // all offsets in elements
  dy_offset: u32,
  w_offset: u32,
  dw_offset: u32,
  db_offset: u32,
  bias: u32, // 1 if db is wanted
  behind: u32, // the f that x came out of: none, relu, tanh, sigmoid
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> W: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>; // dW and db

// dy at four elements.
fn upstream(at: vec4u) -> vec4f {
  let u = params.dy_offset + at;
  return vec4f(dy[u.x], dy[u.y], dy[u.z], dy[u.w]);
}

fn store_dx(at: u32, v: f32) {
  if (params.behind == NONE) { dx[at] = v; } else { dx[at] = v * slope(params.behind, x[params.x_offset + at]); }
}

fn four(at: u32, count: u32) -> vec4u {
  return min(vec4u(at, at + 1u, at + 2u, at + 3u), vec4u(count - 1u));
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = invocation_index(id, groups, WORKGROUP);
  let of_dx = number < params.dx_blocks;
  let place = number - select(params.dx_blocks, 0u, of_dx);
  let columns = (params.inputs + 3u) / 4u;
  let first = place / columns * 4u; // sample of dx, or output of dW
  let i = place % columns * 4u;
  let rows = select(params.outputs, params.batch, of_dx);
  if (first >= rows) { return; }
  let row = four(first, rows);
  let column = four(i, params.inputs);
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var b = vec4f();
  if (of_dx) {
    let at = row * params.outputs;
    var from_w = params.w_offset + column;
    for (var o = 0u; o < params.outputs; o++) {
      let z = upstream(at + o);
      let w = vec4f(W[from_w.x], W[from_w.y], W[from_w.z], W[from_w.w]);
      c0 += z.x * w; c1 += z.y * w; c2 += z.z * w; c3 += z.w * w;
      from_w += params.inputs;
    }
  } else {
    var at = row;
    var from_x = params.x_offset + column;
    for (var n = 0u; n < params.batch; n++) {
      let z = upstream(at);
      let v = vec4f(x[from_x.x], x[from_x.y], x[from_x.z], x[from_x.w]);
      c0 += z.x * v; c1 += z.y * v; c2 += z.z * v; c3 += z.w * v;
      b += z;
      at += params.outputs;
      from_x += params.inputs;
    }
  }
  // stored in loops of no fixed length, what is next shifted to the front: written out, it takes drivers long to compile
  for (var r = first; r < min(first + 4u, rows); r++) {
    var row_left = c0;
    for (var j = i; j < min(i + 4u, params.inputs); j++) {
      let at = r * params.inputs + j;
      if (of_dx) { store_dx(at, row_left.x); } else { gradients[params.dw_offset + at] = row_left.x; }
      row_left = row_left.yzww;
    }
    if (!of_dx && params.bias != 0u && i == 0u) { gradients[params.db_offset + r] = b.x; }
    c0 = c1; c1 = c2; c2 = c3;
    b = b.yzww;
  }
}
