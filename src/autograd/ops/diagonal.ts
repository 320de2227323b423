/** Diagonals, and matrices that have them: each is the other's adjoint. */
import { check } from '../../kernels/check.js'
import { checkTensor, checkWhole, optionsOf } from '../../tensor/arguments.js'
import { copyElements } from '../../tensor/contiguous.js'
import { zeros } from '../../tensor/create.js'
import { checkCount, dimOf, type Shape, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { sum } from './sum.js'

export interface DiagonalOptions {
  /** 0 for the main diagonal (the default), above 0 to its right, below 0 beneath it. */
  offset?: number
  /** The dim of rows; 0 by default. */
  dim1?: number
  /** The dim of columns; 1 by default. */
  dim2?: number
}

/**
 * y[…, i] = x[…, i, i + offset, …]: the diagonal of two dims, as the last dim. A view.
 * @throws Error when the two dims are one
 */
export function diagonal(x: Tensor, options: DiagonalOptions = {}): Tensor {
  const names = ['offset', 'dim1', 'dim2'] as const
  const { offset = 0, dim1 = 0, dim2 = 1 } = optionsOf('diagonal', options, names)
  checkTensor('diagonal', x)
  checkWhole('diagonal', 'offset', offset)
  check(x.rank >= 2, () => `diagonal: x is ${show(x.shape)}; it must have two dims or more`)
  const [a, b] = [dimOf('diagonal', dim1, x.rank), dimOf('diagonal', dim2, x.rank)]
  check(a !== b, () => `diagonal: dim1 is ${dim1} and dim2 is ${dim2}; they must differ`)
  return taken(x, { a, b, offset })
}

/**
 * Matrices with the last dim of x on a diagonal, and zeros elsewhere:
 * y[…, i, i + offset] = x[…, i].
 *
 * x [..., n]   y [..., n + |offset|, n + |offset|]
 */
export function diagEmbed(x: Tensor, offset = 0): Tensor {
  checkTensor('diagEmbed', x)
  checkWhole('diagEmbed', 'offset', offset)
  check(x.rank > 0, () => 'diagEmbed: x is a scalar; it must have a dim')
  const n = x.shape[x.rank - 1] + Math.abs(offset)
  const shape = [...x.shape.slice(0, -1), n, n]
  checkCount('diagEmbed', shape)
  return placed(x, shape, { a: x.rank - 1, b: x.rank, offset })
}

/** y = Σᵢ x[i, i]. @throws Error unless x is a matrix */
export function trace(x: Tensor): Tensor {
  checkTensor('trace', x)
  check(x.rank === 2, () => `trace: x is ${show(x.shape)}; it must be a matrix`)
  return sum(diagonal(x))
}

/** Rows, columns, and which of their diagonals. */
interface Place {
  readonly a: number
  readonly b: number
  readonly offset: number
}

function taken(x: Tensor, place: Place): Tensor {
  return record('diagonal', diagonalOf(x, place), [[x, dy => placed(dy, x.shape, place)]])
}

function placed(y: Tensor, shape: Shape, place: Place): Tensor {
  const x = zeros(shape, { dtype: y.dtype })
  if (y.size > 0) copyElements(y, diagonalOf(x, place))
  return record('diagEmbed', x, [[y, dx => taken(dx, place)]])
}

/** The view of the diagonal. */
function diagonalOf(x: Tensor, { a, b, offset }: Place): Tensor {
  const [down, right] = [Math.max(0, -offset), Math.max(0, offset)]
  const length = Math.max(0, Math.min(x.shape[a] - down, x.shape[b] - right))
  const others = [...x.shape.keys()].filter(d => d !== a && d !== b)
  return view(
    x,
    {
      shape: [...others.map(d => x.shape[d]), length],
      strides: [...others.map(d => x.strides[d]), x.strides[a] + x.strides[b]],
      offset: x.offset + (length > 0 ? down * x.strides[a] + right * x.strides[b] : 0),
    },
    'diagonal',
  )
}
