/** The mark that makes a module's tensor a parameter, and the initial values of parameters. */
import { check } from '../kernels/check.js'
import { checkTensor } from '../tensor/arguments.js'
import { keep } from '../tensor/lifetime.js'
import { uniform } from '../tensor/random.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { packed } from './packed.js'

const marked = new WeakSet<Tensor>() // a frozen parameter is still a parameter

/** Marks a tensor as a parameter: it requires a gradient and outlives every scope. */
export function parameter(t: Tensor): Tensor {
  checkTensor('parameter', t)
  check(t.dtype === 'f32', () => `parameter: ${t} has no gradient; only f32 has`)
  t.requiresGrad = true
  marked.add(t)
  return keep(t)
}

/** Whether a tensor was made a parameter, whatever it was before. */
export function isMarked(t: Tensor): boolean {
  return marked.has(t)
}

/** Whether a module's tensor is a parameter, frozen or not; otherwise it is a buffer. */
export function isParameter(t: Tensor): boolean {
  return t.requiresGrad || marked.has(t)
}

/** How many parameters a module's tensor holds: packed ones count one by one, a buffer has none. */
export function parametersIn(t: Tensor): number {
  const form = packed.get(t)
  if (form) return sizeOf(form.shape)
  return isParameter(t) ? t.size : 0
}

/** Freezes a parameter, or lets it be trained again. */
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
