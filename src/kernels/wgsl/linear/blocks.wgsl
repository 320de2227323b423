// Blocks of 4 × 4 numbers of a layer's matrices, as linear/vector.wgsl loads them into its tiles
//
//     x [batch, inputs]     dy [batch, outputs]     W [outputs, inputs], all row after row
//
// Four rows of four numbers, each row a vec4 where rows begin at multiples of 4.

import package::linear::gradients::params;

override VECTORS: bool = true; // inputs and outputs are multiples of 4
override UNIT: u32 = select(1u, 4u, VECTORS); // numbers per load

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> W: array<f32>;
@group(0) @binding(6) var<storage, read> x4: array<vec4f>; // the memory of x, as vec4s
@group(0) @binding(7) var<storage, read> dy4: array<vec4f>;
@group(0) @binding(8) var<storage, read> W4: array<vec4f>;

fn four_of_x(at: u32) -> vec4f {
  if (VECTORS) { return x4[at]; }
  return vec4f(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
}

fn rows_of_x(at: u32) -> mat4x4f {
  let row = params.inputs / UNIT;
  return mat4x4f(
    four_of_x(at), four_of_x(at + row), four_of_x(at + 2u * row), four_of_x(at + 3u * row),
  );
}

fn four_of_dy(at: u32) -> vec4f {
  if (VECTORS) { return dy4[at]; }
  return vec4f(dy[at], dy[at + 1u], dy[at + 2u], dy[at + 3u]);
}

fn rows_of_dy(at: u32) -> mat4x4f {
  let row = params.outputs / UNIT;
  return mat4x4f(
    four_of_dy(at), four_of_dy(at + row), four_of_dy(at + 2u * row), four_of_dy(at + 3u * row),
  );
}

fn four_of_W(at: u32) -> vec4f {
  if (VECTORS) { return W4[at]; }
  return vec4f(W[at], W[at + 1u], W[at + 2u], W[at + 3u]);
}

fn rows_of_W(at: u32) -> mat4x4f {
  let row = params.inputs / UNIT;
  return mat4x4f(
    four_of_W(at), four_of_W(at + row), four_of_W(at + 2u * row), four_of_W(at + 3u * row),
  );
}
