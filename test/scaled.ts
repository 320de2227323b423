/** A kernel y = by · x, of which every value of `by` is a pipeline of its own. */
import { defineKernel, empty, type Tensor } from '../src/index.js'

export const scaled = defineKernel(
  `override by: f32 = 1;
  @group(0) @binding(1) var<storage, read> x: array<f32>;
  @group(0) @binding(2) var<storage, read_write> y: array<f32>;
  @compute @workgroup_size(1)
  fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = by * x[id.x]; }`,
  { name: 'scaled' },
)

export function scale(x: Tensor, by: number): Tensor {
  const y = empty(x.shape)
  scaled.run({ tensors: { x, y }, constants: { by }, threads: x.size })
  return y
}
