// The gradients of a fully connected layer, tiles in workgroup memory and blocks in registers: for
// GPUs
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row
//
// As matmul/tiled.wgsl: 64 invocations load 16 terms of both factors into workgroup memory,
// neighbours by neighbours, and each computes 4 × 4 elements from what lies there. The first
// workgroups compute dx, the others dW. Those of dW's first column sum the tiles of dy up to db.
// Blocks are 32 × 32 and not 64 × 64: a layer of a few hundred numbers then has more of them, for
// more of a GPU's processors.

import package::lib::activation::{NONE, slope};
import package::lib::grid::workgroup_index;
import package::lib::products::times4;
import package::linear::gradients::{gradient_block, params};

const TILE = 32u; // rows and columns of a block
const DEPTH = 16u; // terms
const WIDTH = 36u; // from one term to the next in a tile: 32 would be one bank of memory
const WORKGROUP = 64u; // 8 × 8 invocations of 4 × 4 elements

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> W: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>; // dW and db

var<workgroup> left_tile: array<f32, 576>; // DEPTH × WIDTH, of dy
var<workgroup> right_tile: array<f32, 576>; // of W or x

fn four_of_left(at: u32) -> vec4f {
  return vec4f(left_tile[at], left_tile[at + 1u], left_tile[at + 2u], left_tile[at + 3u]);
}
fn four_of_right(at: u32) -> vec4f {
  return vec4f(right_tile[at], right_tile[at + 1u], right_tile[at + 2u], right_tile[at + 3u]);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) me: u32,
) {
  let own = gradient_block(workgroup_index(group, groups), TILE);
  let of_dx = own.of_dx;
  let top = own.top;
  let left = own.left;
  let rows = own.rows;
  let terms = own.terms;
  if (top >= rows) { return; }

  // What this invocation loads: eight numbers of each factor. Of dy they lie along a row: in dx
  // these are terms, in dW rows.
  let row = select(me % TILE, me / DEPTH, of_dx);
  let row_next = select(0u, 4u, of_dx);
  let term = select(me / TILE, me % DEPTH, of_dx);
  let term_next = select(2u, 0u, of_dx);
  let column = me % TILE;

  let r = me / 8u * 4u; // in the block
  let c = me % 8u * 4u;
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var b = 0.0;
  for (var k0 = 0u; k0 < terms; k0 += DEPTH) {
    for (var q = 0u; q < 8u; q++) {
      let at_row = row + q * row_next;
      let at_term = term + q * term_next;
      let k = k0 + at_term;
      var v = 0.0;
      if (k < terms && top + at_row < rows) {
        let of_row = top + at_row;
        let at = select(k * params.outputs + of_row, of_row * params.outputs + k, of_dx);
        v = dy[params.dy_offset + at];
      }
      left_tile[at_term * WIDTH + at_row] = v;
      let right_term = me / TILE + 2u * q;
      let right_k = k0 + right_term;
      var u = 0.0;
      if (right_k < terms && left + column < params.inputs) {
        let at = right_k * params.inputs + left + column;
        if (of_dx) { u = W[params.W_offset + at]; } else { u = x[params.x_offset + at]; }
      }
      right_tile[right_term * WIDTH + column] = u;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let v = four_of_left(k * WIDTH + r);
      let u = four_of_right(k * WIDTH + c);
      c0 += times4(u, v.x);
      c1 += times4(u, v.y);
      c2 += times4(u, v.z);
      c3 += times4(u, v.w);
    }
    if (!of_dx && left == 0u && me < TILE) {
      for (var k = 0u; k < DEPTH; k++) { b += left_tile[k * WIDTH + me]; }
    }
    workgroupBarrier();
  }

  // Stored in loops whose length is not known, with the next number shifted to the front: written
  // out, stores take drivers long to compile.
  for (var n = top + r; n < min(top + r + 4u, rows); n++) {
    var rest = c0;
    for (var i = left + c; i < min(left + c + 4u, params.inputs); i++) {
      let at = n * params.inputs + i;
      if (!of_dx) {
        gradients[params.dW_offset + at] = rest.x;
      } else if (params.behind == NONE) {
        dx[at] = rest.x;
      } else {
        dx[at] = rest.x * slope(params.behind, x[params.x_offset + at]);
      }
      rest = rest.yzww;
    }
    c0 = c1; c1 = c2; c2 = c3;
  }
  if (!of_dx && left == 0u && me < TILE && top + me < rows && params.bias != 0u) {
    gradients[params.db_offset + top + me] = b;
  }
}
