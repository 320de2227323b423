/** What the buttons do: operations of the engine, on the tensor that is shown. */
import {
  expand,
  flip,
  narrow,
  reshape,
  select,
  slice,
  type Tensor,
  transpose,
} from '../../../src/index.js'
import { openScope } from '../../../src/tensor/scope.js'
import { type Layout, storage, strided } from './strided.js'

export interface Operation {
  readonly label: string
  /** Whether it has a sense for a tensor of this shape. */
  fits(shape: readonly number[]): boolean
  run(x: Tensor): Tensor
  /** What happened to shape and strides, if the result is a view. */
  readonly view: string
  /** Why it had to copy, if it did. */
  readonly copy: string
}

const matrix = (shape: readonly number[]) => shape.length === 2

export const operations: Readonly<Record<string, Operation>> = {
  transpose: {
    label: 'transpose()',
    fits: matrix,
    run: x => transpose(x),
    view: 'The two sizes are exchanged, and the two strides.',
    copy: '',
  },
  step: {
    label: 'slice(1, { step: 2 })',
    fits: shape => matrix(shape) && shape[1] > 1,
    run: x => slice(x, 1, { step: 2 }),
    view: 'Every second column: the stride along the columns is twice as large.',
    copy: '',
  },
  start: {
    label: 'slice(0, { start: 1 })',
    fits: shape => shape[0] > 1,
    run: x => slice(x, 0, { start: 1 }),
    view: 'Without the first: the offset has grown by one stride.',
    copy: '',
  },
  select: {
    label: 'select(1, 0)',
    fits: matrix,
    run: x => select(x, 1, 0),
    view: 'One column: the dimension of columns is gone, with its size and its stride.',
    copy: '',
  },
  expand: {
    label: 'narrow(0, 0, 1).expand([4, …])',
    fits: matrix,
    run: x => expand(narrow(x, 0, 0, 1), [4, x.shape[1]]),
    view: 'The first row, read four times: a step along the rows moves by 0 cells.',
    copy: '',
  },
  reshape: {
    label: 'reshape([…])',
    fits: shape => matrix(shape) || shape[0] % 2 === 0,
    run: x => reshape(x, x.rank === 2 ? [x.size] : [2, x.size / 2]),
    view: 'The elements keep their order, and strides can say that order in the other shape.',
    copy: 'The elements keep their order, but no stride walks through their cells in that order.',
  },
  flip: {
    label: 'flip(0)',
    fits: () => true,
    run: x => flip(x, 0),
    view: '',
    copy: 'The order backwards would need a stride below 0, and strides are never negative.',
  },
}

/** What an operation made of a view. */
export type Made =
  | { readonly kind: 'view'; readonly layout: Layout }
  /** The cells of the old storage that the new one repeats, in order. */
  | { readonly kind: 'copy'; readonly values: readonly number[]; readonly from: readonly number[] }

/** Runs it, and looks whether the result shows the same storage. */
export async function made({ run }: Operation, layout: Layout): Promise<Made> {
  const scope = openScope()
  try {
    const x = storage()
    const y = run(strided(x, layout))
    const { shape, strides } = y
    if (y.storage === x.storage)
      return { kind: 'view', layout: { shape, strides, offset: y.offset - x.offset } }
    const [cells, data] = await Promise.all([x.data(), y.data()])
    return { kind: 'copy', values: [...data], from: [...data].map(value => cells.indexOf(value)) }
  } finally {
    scope.close()
  }
}
