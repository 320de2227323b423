/** Gradients of gradients compared with finite differences. */
import { checkFunction, checkTensor } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { grad } from './backward.js'
import { compareDifferences, type GradcheckOptions, type GradcheckResult } from './gradcheck.js'
import { mul } from './ops/arithmetic.js'
import { cat } from './ops/cat.js'
import { cos } from './ops/elementwise.js'
import { flatten } from './ops/reshape.js'
import { sum } from './ops/sum.js'

/**
 * Checks the gradient of the gradient: `gradcheck` of  x → ∂⟨cos f(x), f(x)⟩ / ∂x.
 *
 * The sum takes every element of f(x) with a weight that depends on it, so that an f whose gradient
 * is constant is checked too.
 * @throws Error naming the worst direction when the two differ by more than the tolerance
 */
export function gradgradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): Promise<GradcheckResult> {
  checkFunction('gradgradcheck', f)
  return compareDifferences(
    'gradgradcheck',
    (...xs) => {
      const y = f(...xs)
      checkTensor('gradgradcheck', y)
      const gradients = grad(sum(mul(cos(y), y)), xs, { createGraph: true })
      return cat(gradients.map(g => flatten(g)))
    },
    inputs,
    options,
  )
}
