/** What must hold for every op, on one case and one layout of its inputs. */
import { add, type DType, grad, mul, sum, Tensor } from '../../src/index.js'
import {
  type Domain,
  draw,
  generator,
  type LayoutName,
  ownDtype,
  place,
  type Random,
  seed,
} from './inputs.js'
import { type Grid, zip } from './reference.js'
import type { Case } from './row.js'
import { type Tolerance, tolerances } from './tolerance.js'

/** A function in the engine and the same in float64, with what to feed them. */
export interface Trial {
  readonly name: string
  engine(...inputs: unknown[]): Tensor[]
  reference(...inputs: unknown[]): Grid[]
  readonly case: Case
  readonly from: (nth: number) => Domain
  readonly tolerance: Tolerance
  readonly layout: LayoutName
  readonly dtype: DType
}

/** Every element agrees with the reference. */
export async function checkForward(trial: Trial): Promise<void> {
  const { grids, tensors } = inputsOf(trial, generator())
  const ys = trial.engine(...tensors)
  const wants = trial.reference(...grids)
  same(trial, 'number of results', ys.length, wants.length)
  for (const [i, y] of ys.entries()) {
    same(trial, 'shape', `[${y.shape}]`, `[${wants[i].shape}]`)
    const got = await y.data()
    const Bits = got.constructor as typeof Float32Array
    const want = Bits.from(wants[i].data) // as the dtype holds it
    const allowed = trial.dtype === 'f32' ? tolerances[trial.tolerance] : 0
    got.forEach((value, j) => {
      if (Object.is(value, want[j]) || value === want[j]) return
      const error = Math.abs(value - want[j]) / Math.max(1, Math.abs(want[j]))
      if (!(error <= allowed)) fail(trial, `element ${j}`, want[j], value, allowed)
    })
  }
}

/** ⟨v, Jᵀu⟩ by the engine is ⟨u, J v⟩ by float64 differences, for random u and v. */
export async function checkGradient(trial: Trial): Promise<void> {
  const random = generator()
  const { grids, tensors, free } = inputsOf(trial, random)
  const [ys, reference] = differentiable(trial, trial.engine(...tensors))
  const us = ys.map(y => draw(y.shape, 'any', { random, layout: trial.layout }))
  const gradients = await Promise.all(pull(trial, ys, us, free).map(g => g.data()))
  const along = (vs: Grid[]) => {
    const moved = (h: number) => inner(us, reference(...shift(trial, grids, vs, h)))
    return (moved(step) - moved(-step)) / (2 * step)
  }
  const allowed = tolerances[trial.tolerance] || tolerances.rounded
  for (let direction = 0; direction < 2; direction++) {
    const vs = free.map(x => draw(x.shape, 'any', { random }))
    const [got, scale] = project(vs, gradients)
    const want = along(vs)
    if (!(Math.abs(got - want) <= allowed * scale)) {
      failAtElement(trial, gradients, free, along)
      fail(trial, `gradient in direction ${direction}`, want, got, allowed * scale)
    }
  }
}

/** The gradient has the right gradients in turn, with respect to the inputs and to what came from above. */
export async function checkSecond(trial: Trial): Promise<void> {
  const random = generator()
  const { grids, tensors, free } = inputsOf(trial, random)
  const [ys, reference] = differentiable(trial, trial.engine(...tensors))
  const same = (x: { shape: readonly number[] }) => draw(x.shape, 'any', { random })
  const [us, ps, ws, vs] = [ys.map(same), ys.map(same), free.map(same), free.map(same)]
  const above = us.map(u => place(u, trial.layout, 'f32', true))
  // ⟨Jᵀu, w⟩, and nothing times x, for where it does not depend on x
  const parts = pull(trial, ys, above, free).map((g, i) =>
    sum(mul(g, place(ws[i], 'contiguous', 'f32'))),
  )
  const nothing = [...free, ...above].map(x => sum(mul(x, 0)))
  const second = grad([...parts, ...nothing].reduce(add), [...free, ...above])
  const gradients = await Promise.all(second.map(g => g.data()))
  const [got, scale] = project([...vs, ...ps], gradients)
  // ∂²/∂s∂t ⟨u + s p, f(x + s v + t w)⟩
  const φ = (s: number, t: number) =>
    inner(
      us.map((u, i) => zip((a, b) => a + s * b, u, ps[i])),
      reference(...shift(trial, shift(trial, grids, vs, s), ws, t)),
    )
  const h = secondStep
  const want = (φ(h, h) - φ(h, -h) - φ(-h, h) + φ(-h, -h)) / (4 * h * h)
  const allowed = tolerances[trial.tolerance] || tolerances.rounded
  if (!(Math.abs(got - want) <= allowed * scale))
    fail(trial, 'gradient of the gradient', want, got, allowed * scale)
}

type Given<T> = T | number | null

/** What a trial's inputs are: grids for the reference, tensors for the engine, numbers and null for both. */
function inputsOf(trial: Trial, random: Random) {
  const { layout, dtype } = trial
  const grids = trial.case.inputs.map((shape, nth) =>
    shape === null || typeof shape === 'number'
      ? shape
      : draw(shape, trial.from(nth), { random, nth, layout, dtype }),
  )
  const tensors = grids.map((x, nth) => {
    if (x === null || typeof x === 'number') return x
    const own = ownDtype(trial.from(nth))
    return place(x, layout, own ?? dtype, dtype === 'f32' && !own)
  })
  const free = tensors.filter(x => x instanceof Tensor).filter(x => x.requiresGrad)
  return { grids, tensors, free }
}

/** The results that have gradients (indices have none), and a reference that returns only these. */
function differentiable(trial: Trial, all: Tensor[]): [Tensor[], Trial['reference']] {
  const chosen = all.map(y => y.requiresGrad)
  const keep = <T>(list: T[]) => list.filter((_, i) => chosen[i])
  return [keep(all), (...xs) => keep(trial.reference(...xs))]
}

/** Σ over results of Jᵀu. */
function pull(trial: Trial, ys: Tensor[], us: (Grid | Tensor)[], free: Tensor[]): Tensor[] {
  const createGraph = us[0] instanceof Tensor
  const pulled = ys.map((y, i) => {
    const u = us[i]
    const dy = u instanceof Tensor ? u : place(u, trial.layout, 'f32')
    return grad(y, free, { dy, createGraph, retainGraph: true })
  })
  return free.map((_, i) => pulled.map(grads => grads[i]).reduce((a, b) => add(a, b)))
}

/** The inputs with those that are differentiated moved by h·v. */
function shift(trial: Trial, grids: Given<Grid>[], vs: Grid[], h: number): Given<Grid>[] {
  let next = 0
  return grids.map((x, nth) =>
    x === null || typeof x === 'number' || ownDtype(trial.from(nth))
      ? x
      : zip((a, b) => a + h * b, x, vs[next++]),
  )
}

/** ⟨v, g⟩, and the size of the terms that it sums, with 1 for good measure. */
function project(vs: Grid[], gradients: ArrayLike<number>[]): [value: number, size: number] {
  const terms = vs.flatMap((v, i) => Array.from(v.data, (vj, j) => vj * gradients[i][j]))
  return [
    terms.reduce((total, term) => total + term, 0),
    terms.reduce((total, term) => total + Math.abs(term), 1),
  ]
}

function inner(us: Grid[], ys: Grid[]): number {
  return us.reduce(
    (total, u, i) => total + u.data.reduce((sum, uj, j) => sum + uj * ys[i].data[j], 0),
    0,
  )
}

/** Looks for the worst element of a gradient that is known to be wrong. */
function failAtElement(
  trial: Trial,
  gradients: ArrayLike<number>[],
  free: Tensor[],
  along: (vs: Grid[]) => number,
): void {
  let worst = { error: 0, where: '', want: 0, got: 0 }
  const zeros = free.map(x => ({ shape: x.shape, data: new Float64Array(x.size) }))
  zeros.forEach(({ data }, i) => {
    for (let j = 0; j < Math.min(data.length, 300); j++) {
      data[j] = 1
      const [want, got] = [along(zeros), gradients[i][j]]
      data[j] = 0
      const error = Math.abs(want - got)
      if (!(error <= worst.error))
        worst = { error, where: `gradient of input ${i} at ${j}`, want, got }
    }
  })
  if (worst.where) fail(trial, worst.where, worst.want, worst.got, NaN)
}

function same<T>(trial: Trial, what: string, got: T, want: T): void {
  if (got !== want) fail(trial, what, want, got, 0)
}

function fail(trial: Trial, what: string, want: unknown, got: unknown, allowed: number): never {
  const { name, layout, dtype } = trial
  const { inputs, args } = trial.case
  const call = [...inputs, ...args].map(x => JSON.stringify(x)).join(', ')
  throw new Error(
    `${name}(${call}), ${layout} ${dtype}: ${what}: expected ${want}, got ${got} (allowed ${allowed}; SEED=${seed})`,
  )
}

// errors of h² and of 1e-16 / h, 1e-16 / h²
const step = 1e-5
const secondStep = 1e-4
