// The gradients of a fully connected layer, the plain way: one invocation per number
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row
//
// The three equations as they stand, and the reference for the other kernels. The first invocations
// compute dx, the next ones dW, the last ones db. Each multiply-add takes two loads.

import package::lib::activation::slope;
import package::lib::grid::invocation_index;
import package::lib::products::times;
import package::linear::gradients::params;

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> W: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>; // dW and db

fn dx_at(n: u32, i: u32) -> f32 {
  var sum = 0.0;
  for (var o = 0u; o < params.outputs; o++) {
    let dy_at = params.dy_offset + n * params.outputs + o;
    sum += times(dy[dy_at], W[params.W_offset + o * params.inputs + i]);
  }
  return sum * slope(params.behind, x[params.x_offset + n * params.inputs + i]);
}

fn dW_at(o: u32, i: u32) -> f32 {
  var sum = 0.0;
  for (var n = 0u; n < params.batch; n++) {
    let dy_at = params.dy_offset + n * params.outputs + o;
    sum += times(dy[dy_at], x[params.x_offset + n * params.inputs + i]);
  }
  return sum;
}

fn db_at(o: u32) -> f32 {
  var sum = 0.0;
  for (var n = 0u; n < params.batch; n++) { sum += dy[params.dy_offset + n * params.outputs + o]; }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = invocation_index(id, groups, WORKGROUP);
  if (number < params.dx_blocks) {
    dx[number] = dx_at(number / params.inputs, number % params.inputs);
    return;
  }
  let at = number - params.dx_blocks;
  let weights = params.outputs * params.inputs;
  if (at < weights) {
    gradients[params.dW_offset + at] = dW_at(at / params.inputs, at % params.inputs);
  } else if (at - weights < params.outputs && params.bias != 0u) {
    gradients[params.db_offset + at - weights] = db_at(at - weights);
  }
}
