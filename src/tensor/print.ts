/** Tensors as text: aligned rows and columns, with the middle of long dimensions left out. */
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from './arguments.js'
import { sizeOf } from './shape.js'
import type { Tensor } from './tensor.js'

const edge = 3 // items shown at either end of a long dimension
const longest = 2 * edge + 1

/**
 * The values as text, like
 *
 *     Tensor [2, 2] f32 · add
 *     [[1.0000, 2.0000],
 *      [3.0000, 4.5000]]
 *
 * Waits for the GPU, which `toString()` cannot.
 */
export async function text(t: Tensor, options: { digits?: number } = {}): Promise<string> {
  const { digits = 4 } = optionsOf('text', options, ['digits'])
  check(
    Number.isInteger(digits) && digits >= 0 && digits <= 20,
    () => `text: digits is ${digits}; it must be a whole number from 0 to 20`,
  )
  checkTensor('text', t)
  const data = await t.data()
  const shown = [...data].filter(Number.isFinite)
  const largest = shown.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const scientific = largest >= 1e6 || (largest > 0 && largest < 10 ** -digits)
  const number = (x: number): string => {
    if (t.dtype === 'bool') return x ? 'true' : 'false'
    if (t.dtype !== 'f32' || !Number.isFinite(x)) return String(x)
    return scientific ? x.toExponential(digits) : x.toFixed(digits)
  }
  const width = visible(t.shape).reduce((most, i) => Math.max(most, number(data[i]).length), 0)
  const rows = (d: number, from: number): string => {
    if (d === t.rank) return number(data[from]).padStart(width)
    const step = sizeOf(t.shape.slice(d + 1))
    const items = shownOf(t.shape[d]).map(i => (i === null ? '…' : rows(d + 1, from + i * step)))
    const between = d === t.rank - 1 ? ', ' : `,${'\n'.repeat(t.rank - 1 - d)}${' '.repeat(d + 1)}`
    return `[${items.join(between)}]`
  }
  return `${t}\n${rows(0, 0)}`
}

/** Indices along a dimension, with null where some are left out. */
function shownOf(size: number): (number | null)[] {
  const all = Array.from({ length: size }, (_, i) => i)
  return size <= longest ? all : [...all.slice(0, edge), null, ...all.slice(-edge)]
}

/** Flat positions of the elements that are printed. */
function visible(shape: readonly number[]): number[] {
  return shape.reduce<number[]>(
    (found, size) =>
      found.flatMap(at => shownOf(size).flatMap(i => (i === null ? [] : [at * size + i]))),
    [0],
  )
}
