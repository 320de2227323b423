/** Gradients compared with finite differences: proof that the arrows of a function are right. */
import { check } from '../kernels/check.js'
import { roundsProducts } from '../launches/matrixunit.js'
import { checkFunction, checkList, checkTensor, optionsOf } from '../tensor/arguments.js'
import { tensor } from '../tensor/create.js'
import { openScope } from '../tensor/scope.js'
import type { Tensor } from '../tensor/tensor.js'
import { threefry, unit } from '../tensor/threefry.js'
import { grad } from './backward.js'
import { mul } from './ops/arithmetic.js'

export interface GradcheckOptions {
  /** Step of the differences, relative to inputs of size about 1. */
  eps?: number
  /** Largest difference allowed, as a part of the derivative's own size. */
  tolerance?: number
  /** Random directions to try. */
  directions?: number
  /** Of the directions. */
  seed?: number
}

/** What a check found in its worst direction. */
export interface GradcheckResult {
  ok: boolean
  /** |by gradient − by difference| / max(1, |by difference|) */
  error: number
  byGradient: number
  byDifference: number
}

/**
 * Checks in random directions v that the gradient of L = ⟨u, f(x)⟩, u random, is what L does:
 *
 *     ⟨∇L, v⟩  =  (L(x + εv) − L(x − εv)) / 2ε
 *
 * `f` may return a tensor of any shape and is evaluated in f32, whose rounding limits what a
 * difference can see: errors below 1e-3 cannot be told from noise. Keep inputs of size about 1 and
 * away from kinks.
 * @throws Error naming the worst direction when the two differ by more than the tolerance
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): Promise<GradcheckResult> {
  return compareDifferences('gradcheck', f, inputs, options)
}

/** `gradcheck` under the name of the check that asks for it. */
export async function compareDifferences(
  op: string,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions,
): Promise<GradcheckResult> {
  const given = optionsOf(op, options, ['eps', 'tolerance', 'directions', 'seed'])
  const { eps = 1e-2, tolerance = 5e-3, directions = 3, seed = 0 } = given
  checkFunction(op, f)
  checkList(op, 'the second argument', inputs, `${op}(f, [x, y])`)
  checkTensor(op, ...inputs)
  check(
    !roundsProducts(),
    () => `${op}: matrix units round to f16, which differences do not bear: init() without them`,
  )
  check(inputs.length > 0, () => `${op}: no inputs; pass the tensors that f is a function of`)
  const random = generator(seed)
  const values = await Promise.all(inputs.map(x => x.data()))
  const outer = openScope()
  try {
    const leaves = inputs.map((x, i) => tensor(values[i], { shape: x.shape, requiresGrad: true }))
    const y = f(...leaves)
    const u = tensor(Float32Array.from({ length: y.size }, random), { shape: y.shape })
    const gradients = await Promise.all(grad(y, leaves, { dy: u }).map(g => g.data()))
    const measure = async (v: Float32Array[], by: number): Promise<number> => {
      const inner = openScope()
      try {
        const moved = values.map((x, i) =>
          tensor(
            Float32Array.from(x, (xi, j) => xi + by * v[i][j]),
            { shape: inputs[i].shape, requiresGrad: true }, // f may ask for gradients itself
          ),
        )
        const products = await mul(f(...moved), u).data()
        return products.reduce((total, p) => total + p, 0)
      } finally {
        inner.close()
      }
    }
    let worst: GradcheckResult = { ok: true, error: -1, byGradient: 0, byDifference: 0 }
    for (let direction = 0; direction < directions; direction++) {
      const v = values.map(x => Float32Array.from(x, random))
      const byDifference = ((await measure(v, eps)) - (await measure(v, -eps))) / (2 * eps)
      const byGradient = gradients.reduce((total, g, i) => total + dot(g, v[i]), 0)
      const error = Math.abs(byGradient - byDifference) / Math.max(1, Math.abs(byDifference))
      if (!(error <= worst.error))
        worst = { ok: error <= tolerance, error, byGradient, byDifference }
    }
    check(
      worst.ok,
      () =>
        `${op}: by gradient ${worst.byGradient}, by difference ${worst.byDifference}; ` +
        `the error ${worst.error.toExponential(1)} is above the tolerance ${tolerance} ` +
        `(seed ${seed})`,
    )
    return worst
  } finally {
    outer.close()
  }
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i] * b[i]
  return total
}

/** Numbers in [−1, 1). */
function generator(seed: number): () => number {
  let drawn = 0
  return () => 2 * unit(threefry([seed, 0], [drawn++, 0])[0]) - 1
}
