/** What every optimizer does: own a list of parameters, forget gradients, take steps. */
import { zeroGrad } from '../autograd/backward.js'
import { check } from '../kernels/check.js'
import { write } from '../kernels/transfer.js'
import { zerosLike } from '../tensor/create.js'
import { aligned } from '../tensor/layout.js'
import { keep } from '../tensor/lifetime.js'
import { show } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/**
 * Parameters to train, and the numbers that steer the training. The numbers live in a small buffer
 * on the GPU and may be changed at any time; kernels read them there, so a recorded step sees the change.
 */
export abstract class Optimizer {
  readonly params: readonly Tensor[]

  constructor(params: Iterable<Tensor>) {
    this.params = [...params]
    const name = this.constructor.name
    check(this.params.length > 0, () => `${name}: no parameters; pass model.parameters()`)
    for (const p of this.params) {
      check(
        p.requiresGrad && !p.origin && p.isContiguous && p.size === p.storage.size,
        () =>
          `${name}: ${p} is no parameter; it must be a contiguous leaf with memory of its own that requires a gradient`,
      )
    }
    check(
      new Set(this.params).size === this.params.length,
      () => `${name}: a parameter occurs twice in the list`,
    )
  }

  /** Changes every parameter that has a gradient; those without are left alone. */
  abstract step(): void

  /** Forgets the gradients, so that the next backward() starts from nothing. */
  zeroGrad(): void {
    for (const p of this.params) zeroGrad(p)
  }
}

/** The gradient of a parameter as kernels want it. @throws Error when shapes differ */
export function gradientOf(p: Tensor): Tensor {
  const { grad } = p
  check(
    grad && grad.dtype === 'f32' && show(grad.shape) === show(p.shape),
    () => `step: the gradient of ${p} is ${grad}; it must be f32 of the same shape`,
  )
  return aligned(grad)
}

/** A state tensor like a parameter, zero, that outlives every scope. */
export function stateLike(p: Tensor): Tensor {
  return keep(zerosLike(p))
}

/** Numbers on the GPU, uploaded again only when one of them has changed. */
export class Numbers {
  readonly tensor: Tensor
  private now: readonly number[] = []

  constructor(count: number) {
    this.tensor = keep(empty([count], 'f32', 'numbers'))
  }

  set(values: readonly number[]): void {
    if (values.every((value, i) => value === this.now[i])) return
    this.now = values
    write(this.tensor.storage.lease, Float32Array.from(values))
  }
}

/** @throws Error unless the value is finite and not negative */
export function checkRate(name: string, what: string, value: number, below = Infinity): void {
  check(
    Number.isFinite(value) && value >= 0 && value < below,
    () =>
      `${name}: ${what} is ${value}; it must be from 0 up${below < Infinity ? ` and below ${below}` : ''}`,
  )
}
