/** What marks a tensor of a module as a parameter, and the values that parameters begin with. */
import { keep } from '../tensor/lifetime.js'
import { uniform } from '../tensor/random.js'
import type { Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

const marked = new WeakSet<Tensor>() // so that a frozen parameter is still known as one

/** Marks a tensor as a parameter: it requires a gradient and outlives every scope. */
export function parameter(t: Tensor): Tensor {
  t.requiresGrad = true
  marked.add(t)
  return keep(t)
}

/** Whether it is a parameter, frozen or not, and no buffer. */
export function isParameter(t: Tensor): boolean {
  return t.requiresGrad || marked.has(t)
}

/** Takes a parameter out of training, or lets it back in. */
export function setTrainable(t: Tensor, on: boolean): void {
  marked.add(t)
  t.requiresGrad = on
}

/**
 * A parameter uniform in ±1/√fanIn: PyTorch's default for weights and biases of linear and
 * convolutional layers. (For weights that is Kaiming-uniform with a = √5:
 * bound = √(6 / ((1 + a²) fanIn)) = 1/√fanIn. He et al. 2015, arXiv:1502.01852.)
 */
export function uniformParameter(shape: Shape, fanIn: number): Tensor {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0
  return parameter(uniform(shape, -bound, bound))
}
