// The gradients of a fully connected layer, tiles of vec4s and 8 × 8 elements per invocation: for
// GPUs
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row
//
// As matmul/vector.wgsl. The first workgroups compute dx, the others dW. Both load 4 × 4 numbers of
// dy, four rows of four: in dx they are four rows of the product, and in dW four terms, so only one
// of them transposes. Blocks of dW's first column also sum the tiles of dy up to db.
//
// What lies past an edge is read as it is, and what is computed from it is not stored. Terms past
// the end are zeros.

import package::lib::activation::{NONE, slope4};
import package::lib::grid::workgroup_index;
import package::lib::tiles::{
  DEPTH, TILE, WORKGROUP, add_products, left_tile, place_in_tile, right_tile, sums_from, up_to
};
import package::linear::blocks::{UNIT, VECTORS, four_of_x, rows_of_W, rows_of_dy, rows_of_x};
import package::linear::gradients::{gradient_block, params};

@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>; // dW and db

// Four numbers of a row of dx or of dW.
fn store(of_dx: bool, row: u32, i: u32, v: vec4f) {
  if (i >= params.inputs) { return; }
  let at = row * params.inputs + i;
  var z = v;
  if (of_dx && params.behind != NONE) {
    z *= slope4(params.behind, four_of_x((params.x_offset + at) / UNIT));
  }
  if (of_dx) { store_dx(at, i, z); } else { store_dW(params.dW_offset + at, i, z); }
}

fn store_dx(at: u32, i: u32, v: vec4f) {
  dx[at] = v.x;
  if (VECTORS || i + 1u < params.inputs) { dx[at + 1u] = v.y; }
  if (VECTORS || i + 2u < params.inputs) { dx[at + 2u] = v.z; }
  if (VECTORS || i + 3u < params.inputs) { dx[at + 3u] = v.w; }
}

fn store_dW(at: u32, i: u32, v: vec4f) {
  gradients[at] = v.x;
  if (VECTORS || i + 1u < params.inputs) { gradients[at + 1u] = v.y; }
  if (VECTORS || i + 2u < params.inputs) { gradients[at + 2u] = v.z; }
  if (VECTORS || i + 3u < params.inputs) { gradients[at + 3u] = v.w; }
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
  let sums_dy = !of_dx && left == 0u && params.bias != 0u;

  // What this invocation loads: 4 × 4 numbers of dy, and 4 × 4 of W or of x.
  let of_left = select(place_in_tile(me, false), place_in_tile(me, true), of_dx);
  let of_right = place_in_tile(me, false);
  let row = top + of_left.x * 4u;
  let term = of_left.y * 4u;
  let dy_from = select(term * params.outputs + row, row * params.outputs + term, of_dx);
  let dy_first = (params.dy_offset + dy_from) / UNIT;
  let dy_step = select(DEPTH * params.outputs, DEPTH, of_dx) / UNIT;
  let right_row = params.inputs / UNIT;
  let right_offset = select(params.x_offset, params.W_offset, of_dx);
  let right_term = of_right.y * 4u;
  let right_first =
    (right_offset + right_term * params.inputs + left + of_right.x * 4u) / UNIT;

  let i = me / (TILE / 8u);
  let j = me % (TILE / 8u);
  var c = sums_from(vec4f(), vec4f());
  var db = vec4f();
  for (var k = 0u; k < terms; k += DEPTH) {
    var a = rows_of_dy(dy_first + k / DEPTH * dy_step);
    var b: mat4x4f;
    if (of_dx) {
      a = transpose(a);
      b = rows_of_W(right_first + k * right_row);
    } else {
      b = rows_of_x(right_first + k * right_row);
    }
    if (k + DEPTH > terms) {
      a = up_to(terms, a, k + term);
      b = up_to(terms, b, k + right_term);
    }
    left_tile[of_left.x].terms[of_left.y] = a;
    right_tile[of_right.x].terms[of_right.y] = b;
    workgroupBarrier();
    add_products(&c, i, j);
    if (sums_dy && me < TILE / 4u) {
      for (var q = 0u; q < DEPTH; q++) { db += left_tile[me].terms[q / 4u][q % 4u]; }
    }
    workgroupBarrier();
  }

  // In a loop whose length is not known, since drivers take long to compile many stores.
  let end = min(top + TILE, rows);
  let column = left + j * 4u;
  for (var first = top + i * 4u; first < end; first += TILE / 2u) {
    for (var r = first; r < min(first + 4u, end); r++) {
      store(of_dx, r, column, c[0]);
      store(of_dx, r, column + TILE / 2u, c[1]);
      c[0] = c[2]; c[1] = c[3]; c[2] = c[4]; c[3] = c[5]; c[4] = c[6]; c[5] = c[7];
    }
    c[0] = c[8]; c[1] = c[9]; c[2] = c[10]; c[3] = c[11];
    c[4] = c[12]; c[5] = c[13]; c[6] = c[14]; c[7] = c[15];
  }
  if (sums_dy && me < TILE / 4u) {
    for (var o = top + me * 4u; o < min(top + me * 4u + 4u, rows); o++) {
      gradients[params.db_offset + o] = db.x;
      db = db.yzww;
    }
  }
}
