/** The allowed error of a result, and its actual error. */
import type { HostTensor } from '../../src/io/safetensors.js'
import type { Truth } from './file.js'

/** The worst element, as a multiple of what it may be off by. */
export interface Verdict {
  ratio: number
  /** The element, the expected and the actual value, in words. */
  worst: string
}

/** Which errors are allowed beside the bound, by case. */
export interface Leniency {
  /** Also PyTorch's own sensitivity: for sums, which it may compute in double. */
  sensitive: boolean
  /** Each element relative to its own magnitude, for wide ranges. */
  relative: boolean
}

/**
 * |got − truth| ≤ 8 · err.abs + 2e-6 · err.scale, where err is PyTorch's own error against float64.
 * nan equals nan; integers must be equal.
 */
export function judge(
  got: ArrayLike<number>,
  truth: Truth,
  at: (key: string) => HostTensor,
  lenient: Leniency,
): Verdict {
  if (truth.key) return compare(got, at(truth.key).data as ArrayLike<number>, truth, 1, lenient)
  const { stride, sample, total, rowsum, colsum } = truth.sampled!
  const verdicts = [compare(got, at(sample).data as ArrayLike<number>, truth, stride, lenient)]
  const [rows, columns] = [truth.shape[0], got.length / truth.shape[0]]
  const sums: [string | undefined, number[], number][] = [
    [total, total ? [sum(got)] : [], got.length],
    [
      rowsum,
      rowsum ? Array.from({ length: rows }, (_, i) => sum(got, i * columns, 1, columns)) : [],
      columns,
    ],
    [
      colsum,
      colsum ? Array.from({ length: columns }, (_, j) => sum(got, j, columns, rows)) : [],
      rows,
    ],
  ]
  for (const [key, sums64, terms] of sums) {
    if (!key) continue
    // errors of elements are random: a sum of n grows as √n, or as n if they have one sign
    const abs =
      (truth.err.abs + 2.5e-7 * truth.err.scale) * Math.max(Math.sqrt(terms) * 4, terms * 0.05)
    verdicts.push(
      compare(
        sums64,
        at(key).data as ArrayLike<number>,
        { ...truth, sens: undefined, err: { abs, rel: 1, scale: 0 } },
        1,
        lenient,
      ),
    )
  }
  return worstOf(verdicts)
}

/** The worse verdict. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((a, b) => (b.ratio > a.ratio ? b : a))
}

function compare(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  { err, sens }: Truth,
  stride: number,
  lenient: Leniency,
): Verdict {
  const expected = Math.ceil(got.length / stride)
  if (expected !== want.length)
    return { ratio: Infinity, worst: `${got.length} elements instead of ${want.length}` }
  const whole = err.abs === 0 && err.scale === 0
  const sensitivity = lenient.sensitive ? 8 * (sens ?? 0) : 0
  const bound = whole ? 0 : 8 * err.abs + 2e-6 * err.scale + sensitivity
  let verdict: Verdict = { ratio: 0, worst: 'equal' }
  for (let i = 0; i < want.length; i++) {
    const [g, w] = [got[i * stride], want[i]]
    if (g === w || (Number.isNaN(g) && Number.isNaN(w))) continue
    const allowed =
      lenient.relative && !whole
        ? Math.min(bound, Math.abs(w) * (8 * err.rel + 4e-6) + 2e-7)
        : bound
    const difference = Math.abs(g - w)
    const ratio = Number.isNaN(difference) || allowed === 0 ? Infinity : difference / allowed
    if (ratio > verdict.ratio)
      verdict = {
        ratio,
        worst: `element ${i * stride}: ${g} instead of ${w}, may be off by ${allowed.toExponential(1)}`,
      }
  }
  return verdict
}

function sum(x: ArrayLike<number>, from = 0, step = 1, count = x.length): number {
  let total = 0
  for (let n = 0, i = from; n < count; n++, i += step) total += x[i]
  return total
}
