/** Initial values as PyTorch draws them. */
import { uniform } from '../tensor/random.js'
import type { Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { parameter } from './module.js'

/**
 * A parameter uniform in ±1/√fanIn: PyTorch's default for weights and biases of linear and
 * convolutional layers. (For weights that is Kaiming-uniform with a = √5:
 * bound = √(6 / ((1 + a²) fanIn)) = 1/√fanIn. He et al. 2015, arXiv:1502.01852.)
 */
export function uniformParameter(shape: Shape, fanIn: number): Tensor {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0
  return parameter(uniform(shape, -bound, bound))
}
