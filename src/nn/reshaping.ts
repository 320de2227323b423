/** Layers that compute nothing: their output has the same elements in another shape. */
import { flatten, reshape } from '../autograd/ops/reshape.js'
import { check } from '../kernels/check.js'
import { dimOf, type Shape, show, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** y = x */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x
  }
}

/** Joins dims startDim to endDim, by default all but the first:  [n, c, h, w] → [n, c · h · w] */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super()
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim)
  }
}

/**
 * Splits a dim, the inverse of Flatten:  `new Unflatten(1, [8, 2, 2])` [n, 32] → [n, 8, 2, 2].
 * One of the sizes may be −1; it is then computed from the others.
 */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly sizes: Shape,
  ) {
    super()
  }

  /** @throws Error when the sizes do not multiply to that of the dim */
  forward(x: Tensor): Tensor {
    const { dim, sizes } = this
    const at = dimOf('Unflatten', dim, x.rank)
    const known = sizeOf(sizes.filter(size => size !== -1))
    const to = sizes.map(size => (size === -1 ? x.shape[at] / known : size))
    check(
      to.every(size => Number.isInteger(size) && size >= 0) && sizeOf(to) === x.shape[at],
      () =>
        `Unflatten: dim ${dim} of ${show(x.shape)} to ${show(sizes)}; ` +
        `the sizes must multiply to ${x.shape[at]}`,
    )
    return reshape(x, x.shape.toSpliced(at, 1, ...to))
  }
}
