/** Any shape, strides and offset over the cells of one storage, with the gradient that it has. */
import {
  arange,
  grad,
  narrow,
  record,
  reshape,
  scatterAdd,
  type Tensor,
  tensor,
  to,
  zeros,
} from '../../../src/index.js'
import { type Layout, spanOf } from '../../../src/tensor/layout.js'
import { openScope } from '../../../src/tensor/scope.js'
import { sizeOf } from '../../../src/tensor/shape.js'
import { view } from '../../../src/tensor/tensor.js'

export type { Layout }

/** The cells of the storage; their values are 1, 2, 3, …, so each is known by its value. */
export const cells = 12

/** The storage as a tensor of one dimension. */
export function storage(): Tensor {
  const x = to(arange(1, cells + 1), 'f32')
  x.requiresGrad = true
  return x
}

/**
 * y[i, j] = x[offset + i s₀ + j s₁], as a view.
 * @throws Error of `narrow` when it would reach beyond the cells
 */
export function strided(x: Tensor, { shape, strides, offset }: Layout): Tensor {
  const span = spanOf({ shape, strides })
  const part = narrow(x, 0, offset, span)
  const places = placesOf({ shape, strides, offset: 0 })
  const y = view(part, { shape, strides }, 'view')
  return record('view', y, [
    [
      part,
      dy => {
        const index = tensor(Int32Array.from(places))
        return scatterAdd(zeros([span]), 0, index, reshape(dy, [places.length]))
      },
    ],
  ])
}

/** The cell of each element, in index order. */
export function placesOf({ shape, strides, offset }: Layout): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, n) => {
    let [rest, cell] = [n, offset]
    for (let d = shape.length - 1; d >= 0; d--) {
      cell += (rest % shape[d]) * strides[d]
      rest = Math.floor(rest / shape[d])
    }
    return cell
  })
}

/** What the cells hold. */
export async function stored(): Promise<readonly number[]> {
  const x = storage()
  try {
    return [...(await x.data())]
  } finally {
    x.dispose()
  }
}

/** What the engine reads through a view, and what comes back. */
export interface Look {
  /** In index order. */
  readonly values: readonly number[]
  /** Per cell of the storage, for the gradient 1, 2, 3, … of the view. */
  readonly gradient: readonly number[]
}

/** @throws Error when the view reaches beyond the cells */
export async function look(layout: Layout): Promise<Look> {
  const scope = openScope()
  try {
    const x = storage()
    const y = strided(x, layout)
    const dy = reshape(to(arange(1, y.size + 1), 'f32'), y.shape)
    const dx = grad(y, x, { dy })
    const [values, gradient] = await Promise.all([y.data(), dx.data()])
    return { values: [...values], gradient: [...gradient] }
  } finally {
    scope.close()
  }
}
