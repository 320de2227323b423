// The gradients of a fully connected layer, a block in the registers of each invocation
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row
//
// One idea more than plain.wgsl: an invocation computes 4 rows × 4 columns of dx or of dW. Per term
// it loads 4 numbers of each factor for 16 multiply-adds. The first invocations compute dx, the
// others dW. Those of dW's first column also sum dy up to db. This serves any sizes on any adapter:
// a row or column past the edge is the last one again, and is not stored.

import package::lib::activation::{NONE, slope};
import package::lib::four::four_from;
import package::lib::grid::invocation_index;
import package::lib::products::times4;
import package::linear::gradients::params;

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> W: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>; // dW and db

// dy at four elements.
fn four_of_dy(at: vec4u) -> vec4f {
  let from_dy = params.dy_offset + at;
  return vec4f(dy[from_dy.x], dy[from_dy.y], dy[from_dy.z], dy[from_dy.w]);
}

fn store_dx(at: u32, v: f32) {
  if (params.behind == NONE) { dx[at] = v; return; }
  dx[at] = v * slope(params.behind, x[params.x_offset + at]);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = invocation_index(id, groups, WORKGROUP);
  let of_dx = number < params.dx_blocks;
  let own = number - select(params.dx_blocks, 0u, of_dx);
  let columns = (params.inputs + 3u) / 4u;
  let first = own / columns * 4u; // sample of dx, or output of dW
  let i = own % columns * 4u;
  let rows = select(params.outputs, params.batch, of_dx);
  if (first >= rows) { return; }
  let row = four_from(first, rows);
  let column = four_from(i, params.inputs);
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var b = vec4f();
  if (of_dx) {
    let at = row * params.outputs;
    var from_w = params.W_offset + column;
    for (var o = 0u; o < params.outputs; o++) {
      let z = four_of_dy(at + o);
      let w = vec4f(W[from_w.x], W[from_w.y], W[from_w.z], W[from_w.w]);
      c0 += times4(w, z.x); c1 += times4(w, z.y); c2 += times4(w, z.z); c3 += times4(w, z.w);
      from_w += params.inputs;
    }
  } else {
    var at = row;
    var from_x = params.x_offset + column;
    for (var n = 0u; n < params.batch; n++) {
      let z = four_of_dy(at);
      let v = vec4f(x[from_x.x], x[from_x.y], x[from_x.z], x[from_x.w]);
      c0 += times4(v, z.x); c1 += times4(v, z.y); c2 += times4(v, z.z); c3 += times4(v, z.w);
      b += z;
      at += params.outputs;
      from_x += params.inputs;
    }
  }
  // Stored in loops whose length is not known, with the next number shifted to the front: written
  // out, stores take drivers long to compile.
  for (var r = first; r < min(first + 4u, rows); r++) {
    var rest = c0;
    for (var j = i; j < min(i + 4u, params.inputs); j++) {
      let at = r * params.inputs + j;
      if (of_dx) { store_dx(at, rest.x); } else { gradients[params.dW_offset + at] = rest.x; }
      rest = rest.yzww;
    }
    if (!of_dx && params.bias != 0u && i == 0u) { gradients[params.db_offset + r] = b.x; }
    c0 = c1; c1 = c2; c2 = c3;
    b = b.yzww;
  }
}
