/** Random choices: without gradients, from the one random stream of `manualSeed`. */
import { check } from '../kernels/check.js'
import { sortedIndices } from '../launches/sort.js'
import { described, optionsOf } from '../tensor/arguments.js'
import { rand, randLike, randomBits } from '../tensor/random.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { div, mul } from './ops/arithmetic.js'
import { to } from './ops/cast.js'
import { less } from './ops/compare.js'
import { cumsum } from './ops/cumsum.js'
import { detach } from './ops/detach.js'
import { clamp, log } from './ops/elementwise.js'
import { checkFloat } from './ops/operands.js'
import { searchSorted } from './ops/search.js'
import { narrow } from './ops/slice.js'
import { topk } from './ops/sort.js'

/** The numbers 0 to n − 1 in random order, i32. */
export function randperm(n: number): Tensor {
  check(
    Number.isInteger(n) && n >= 0 && n < 2 ** 31,
    () => `randperm: n is ${described(n)}; it must be a whole number from 0 up`,
  )
  return sortedIndices('randperm', randomBits([n]), 0, {})
}

/** y[i] = 1 with probability p[i], else 0; f32. Never where p is 0, always where it is 1. */
export function bernoulli(p: Tensor): Tensor {
  checkFloat('bernoulli', p)
  return to(less(randLike(p), detach(p)), 'f32')
}

/**
 * Indices drawn with probabilities in proportion to weights, i32. Without `replacement` no index
 * is drawn twice; the most likely ones tend to come first.
 *
 * weights f32 [n] or [rows, n], from 0 up, not all 0 in a row   y [samples] or [rows, samples]
 * @throws Error when more samples are asked for than there are weights, without replacement
 */
export function multinomial(
  weights: Tensor,
  samples: number,
  options: { replacement?: boolean } = {},
): Tensor {
  const { replacement = false } = optionsOf('multinomial', options, ['replacement'])
  checkFloat('multinomial', weights)
  const n = weights.shape.at(-1) ?? 0
  check(
    (weights.rank === 1 || weights.rank === 2) &&
      Number.isInteger(samples) &&
      samples > 0 &&
      n > 0 &&
      (replacement || samples <= n),
    () =>
      `multinomial: ${described(samples)} samples of weights ${show(weights.shape)}; ` +
      'weights are [n] or [rows, n], samples a whole number above 0, and up to n unless ' +
      'replacement is true',
  )
  const w = detach(weights)
  return replacement ? withReplacement(w, samples) : withoutReplacement(w, samples)
}

/** The first index whose running sum of weights is above a random part of the whole sum. */
function withReplacement(w: Tensor, samples: number): Tensor {
  const sums = cumsum(w, -1)
  const parts = mul(rand([...w.shape.slice(0, -1), samples]), narrow(sums, -1, -1, 1))
  return searchSorted(sums, parts, { right: true })
}

/**
 * A race: runner i needs the time E[i] / w[i], with E exponentially distributed, and is first with
 * probability w[i] / Σ w. The order of arrival is a draw without replacement.
 */
function withoutReplacement(w: Tensor, samples: number): Tensor {
  const u = clamp(randLike(w), { min: 2 ** -25 })
  return topk(div(w, mul(log(u), -1)), samples)[1]
}
