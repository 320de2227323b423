/** Values of tensors as text: read from the reader's typing, and written for the page. */
import type { Shape, Tensor } from '../../../src/index.js'
import { check } from '../../../src/kernels/check.js'
import { sizeOf } from '../../../src/tensor/shape.js'

/** A tensor's elements, read out. */
export interface Values {
  readonly shape: Shape
  /** In index order. */
  readonly data: readonly number[]
}

export async function read(t: Tensor): Promise<Values> {
  return { shape: t.shape, data: [...(await t.data())] }
}

const most = 12 // elements: more would not be seen as numbers

/** Of `2`, `[1, 2]` or `[[1, 2], [3, 4]]`. @throws Error that says what may stand there */
export function parseValues(text: string): Values {
  const nested = json(text)
  const shape: number[] = []
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length)
  const flat = Array.isArray(nested) ? nested.flat(2) : [nested]
  const isEven = (level: unknown, d: number): boolean =>
    d === shape.length
      ? typeof level === 'number'
      : Array.isArray(level) && level.length === shape[d] && level.every(x => isEven(x, d + 1))
  check(
    isEven(nested, 0) && shape.length <= 2 && flat.length > 0,
    () => 'Write a number such as 2, a list [1, 2], or a matrix [[1, 2], [3, 4]].',
  )
  check(flat.length <= most, () => `At most ${most} numbers, so that all can be shown.`)
  return { shape, data: flat as number[] }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The rows that a tensor is written in: a scalar and a vector in one, a matrix in several. */
export function rowsOf({ shape, data }: Values): number[][] {
  const columns = shape.at(-1) ?? 1
  const rows = columns === 0 ? 0 : sizeOf(shape) / columns
  return Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns))
}

/** Four digits that count. */
export function numberText(x: number): string {
  return String(Number(x.toPrecision(4)))
}

/** On one line:  2,  [1, 2],  [[1, 2], [3, 4]]. */
export function lineOf(values: Values): string {
  const rows = rowsOf(values).map(row => row.map(numberText).join(', '))
  if (values.shape.length === 0) return rows[0]
  const lists = rows.map(row => `[${row}]`)
  return values.shape.length === 1 ? lists[0] : `[${lists.join(', ')}]`
}
