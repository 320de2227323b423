/** The properties of every op, on one case and one layout of its inputs. */
import { add, grad, mul, sum, type Tensor } from '../../src/index.js'
import { differentiable, inner, project, pull, shift, worstElement } from './directions.js'
import { compare, type Finding, inWords, nothing, same, worse } from './finding.js'
import { draw, generator, place } from './inputs.js'
import { type Grid, zip } from './reference.js'
import { tolerances } from './tolerance.js'
import { describe, inputsOf, layoutOf, type Trial } from './trial.js'

export type { Trial } from './trial.js'

/** Measures a trial: the worst error, and its place. */
export type Property = (trial: Trial) => Promise<Finding>

export type PropertyName = keyof typeof properties

/** Every element agrees with the reference. */
async function forward(trial: Trial): Promise<Finding> {
  const { grids, tensors } = inputsOf(trial, generator(trial.seed))
  const ys = trial.engine(...tensors)
  const wants = trial.reference(...grids)
  const shapes = (all: { shape: readonly number[] }[]) => all.map(y => `[${y.shape}]`).join(' ')
  const shape = same('shape of the result', shapes(wants), shapes(ys))
  if (shape.ratio > 0) return shape
  const tolerance = trial.dtype === 'f32' ? tolerances[trial.tolerance] : 0
  let worst = nothing
  for (const [i, y] of ys.entries()) {
    const got = await y.data()
    const Bits = got.constructor as typeof Float32Array
    const want = Bits.from(wants[i].data) // as the dtype holds it
    got.forEach((value, j) => {
      const allowed = tolerance * Math.max(1, Math.abs(want[j]))
      worst = worse(worst, compare(`element ${j}`, want[j], value, allowed))
    })
  }
  return worst
}

/** ⟨v, Jᵀu⟩ by the engine is ⟨u, J v⟩ by float64 differences, for random u and v. */
async function gradient(trial: Trial): Promise<Finding> {
  const random = generator(trial.seed)
  const { grids, tensors, free } = inputsOf(trial, random)
  const [ys, reference] = differentiable(trial, trial.engine(...tensors))
  const us = ys.map(y => draw(y.shape, 'any', { random, layout: layoutOf(trial) }))
  const gradients = await Promise.all(pull(trial, ys, us, free).map(g => g.data()))
  const along = (vs: Grid[]) => {
    const moved = (h: number) => inner(us, reference(...shift(trial, grids, vs, h)))
    return (moved(step) - moved(-step)) / (2 * step)
  }
  let worst = nothing
  for (let direction = 0; direction < 2; direction++) {
    const vs = free.map(x => draw(x.shape, 'any', { random }))
    const [got, scale] = project(vs, gradients)
    const allowed = toleranceOf(trial) * scale
    worst = worse(worst, compare(`gradient in direction ${direction}`, along(vs), got, allowed))
  }
  return worst.ratio > 1 ? { ...worst, ...worstElement(gradients, free, along) } : worst
}

/** ⟨A x, u⟩ = ⟨x, Aᵀu⟩, both by the engine, for each set of inputs in which the op is linear. */
async function adjoint(trial: Trial): Promise<Finding> {
  const random = generator(trial.seed)
  const { grids, tensors, free } = inputsOf(trial, random)
  const ys = trial.engine(...tensors)
  const us = ys.map(y => draw(y.shape, 'any', { random, layout: layoutOf(trial) }))
  const gradients = await Promise.all(pull(trial, ys, us, free).map(g => g.data()))
  const [forward, size] = project(us, await Promise.all(ys.map(y => y.data())))
  let worst = nothing
  for (const set of trial.linear) {
    const xs = set.map(nth => grids[nth] as Grid)
    const own = set.map(nth => gradients[free.indexOf(tensors[nth] as Tensor)])
    const [backward, otherSize] = project(xs, own)
    const what = `⟨A x, u⟩ = ⟨x, Aᵀu⟩ in input ${set.join(' and ')}`
    const allowed = toleranceOf(trial) * Math.max(size, otherSize)
    worst = worse(worst, compare(what, forward, backward, allowed))
  }
  return worst
}

/** The gradient has the right gradient, with respect to the inputs and to dy. */
async function second(trial: Trial): Promise<Finding> {
  const random = generator(trial.seed)
  const { grids, tensors, free } = inputsOf(trial, random)
  const [ys, reference] = differentiable(trial, trial.engine(...tensors))
  const like = (x: { shape: readonly number[] }) => draw(x.shape, 'any', { random })
  const above = ys.map(y => draw(y.shape, 'any', { random, layout: layoutOf(trial) }))
  const [ps, ws, vs] = [ys.map(like), free.map(like), free.map(like)]
  const us = above.map(u => place(u, layoutOf(trial), 'f32', true))
  // ⟨Jᵀu, w⟩ + 0 · x, because it may not depend on x
  const parts = pull(trial, ys, us, free).map((g, i) =>
    sum(mul(g, place(ws[i], 'contiguous', 'f32'))),
  )
  const none = [...free, ...us].map(x => sum(mul(x, 0)))
  const seconds = grad([...parts, ...none].reduce(add), [...free, ...us])
  const gradients = await Promise.all(seconds.map(g => g.data()))
  const [got, scale] = project([...vs, ...ps], gradients)
  // ∂²/∂s∂t ⟨u + s p, f(x + s v + t w)⟩
  const φ = (s: number, t: number) =>
    inner(
      above.map((u, i) => zip((a, b) => a + s * b, u, ps[i])),
      reference(...shift(trial, shift(trial, grids, vs, s), ws, t)),
    )
  const h = secondStep
  const want = (φ(h, h) - φ(h, -h) - φ(-h, h) + φ(-h, -h)) / (4 * h * h)
  return compare('gradient of the gradient', want, got, toleranceOf(trial) * scale)
}

/** The kernels that compute gradients together give what the arrows give, one by one. */
async function shortcut(trial: Trial): Promise<Finding> {
  const random = generator(trial.seed)
  const { tensors, free } = inputsOf(trial, random)
  const ys = trial.engine(...tensors).filter(y => y.requiresGrad)
  const us = ys.map(y => {
    const u = draw(y.shape, 'any', { random, layout: layoutOf(trial) })
    return place(u, layoutOf(trial), 'f32')
  })
  const by = (createGraph: boolean) =>
    Promise.all(
      ys.flatMap((y, i) =>
        grad(y, free, { dy: us[i], createGraph, retainGraph: true }).map(g => g.data()),
      ),
    )
  const [shortcuts, arrows] = [await by(false), await by(true)]
  let worst = nothing
  for (const [i, want] of arrows.entries()) {
    const allowed = toleranceOf(trial) * want.reduce((most, v) => Math.max(most, Math.abs(v)), 1)
    for (const [j, value] of want.entries())
      worst = worse(worst, compare(`gradient ${i} at ${j}`, value, shortcuts[i][j], allowed))
  }
  return worst
}

export const properties = { forward, gradient, adjoint, second, shortcut } as const

/** Throws where the property does not hold. */
function held(property: Property): Property {
  return async trial => {
    const finding = await property(trial)
    if (finding.ratio > 1)
      throw new Error(`${describe(trial)}: ${inWords(finding)}; SEED=${trial.seed}`)
    return finding
  }
}

export const checkForward = held(forward)
export const checkGradient = held(gradient)
export const checkAdjoint = held(adjoint)
export const checkSecond = held(second)
export const checkShortcut = held(shortcut)

/** For gradients: the float64 differences round, even where the engine does not. */
function toleranceOf(trial: Trial): number {
  return tolerances[trial.tolerance] || tolerances.rounded
}

// errors of h² and of 1e-16 / h, 1e-16 / h²
const step = 1e-5
const secondStep = 1e-4
