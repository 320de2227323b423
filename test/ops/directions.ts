/** Inner products and directional derivatives, for the properties. */
import { add, grad, Tensor } from '../../src/index.js'
import type { Finding } from './finding.js'
import { ownDtype, place } from './inputs.js'
import { type Grid, zip } from './reference.js'
import { type Given, layoutOf, type Trial } from './trial.js'

/** The results that have gradients (indices have none), and a reference that returns only these. */
export function differentiable(trial: Trial, all: Tensor[]): [Tensor[], Trial['reference']] {
  const chosen = all.map(y => y.requiresGrad)
  const keep = <T>(list: T[]) => list.filter((_, i) => chosen[i])
  return [keep(all), (...xs) => keep(trial.reference(...xs))]
}

/** Σ over results of Jᵀu. */
export function pull(trial: Trial, ys: Tensor[], us: (Grid | Tensor)[], free: Tensor[]): Tensor[] {
  const createGraph = us[0] instanceof Tensor
  const pulled = ys.map((y, i) => {
    const u = us[i]
    const dy = u instanceof Tensor ? u : place(u, layoutOf(trial), 'f32')
    return grad(y, free, { dy, createGraph, retainGraph: true })
  })
  return free.map((_, i) => pulled.map(grads => grads[i]).reduce((a, b) => add(a, b)))
}

/** The inputs, plus h·v where they are differentiated. */
export function shift(trial: Trial, grids: Given<Grid>[], vs: Grid[], h: number): Given<Grid>[] {
  let next = 0
  return grids.map((x, nth) =>
    x === null || typeof x === 'number' || ownDtype(trial.from(nth))
      ? x
      : zip((a, b) => a + h * b, x, vs[next++]),
  )
}

/** ⟨v, g⟩, and 1 + the sum of the magnitudes of its terms. */
export function project(vs: Grid[], gradients: ArrayLike<number>[]): [value: number, size: number] {
  const terms = vs.flatMap((v, i) => Array.from(v.data, (vj, j) => vj * gradients[i][j]))
  return [
    terms.reduce((total, term) => total + term, 0),
    terms.reduce((total, term) => total + Math.abs(term), 1),
  ]
}

export function inner(us: Grid[], ys: Grid[]): number {
  return us.reduce(
    (total, u, i) => total + u.data.reduce((sum, uj, j) => sum + uj * ys[i].data[j], 0),
    0,
  )
}

/** The worst element of a wrong gradient; undefined if no single element is clearly wrong. */
export function worstElement(
  gradients: ArrayLike<number>[],
  free: Tensor[],
  along: (vs: Grid[]) => number,
): Partial<Finding> {
  let worst: Partial<Finding> & { error: number } = { error: 0 }
  const zeros = free.map(x => ({ shape: x.shape, data: new Float64Array(x.size) }))
  zeros.forEach(({ data }, i) => {
    for (let j = 0; j < Math.min(data.length, 300); j++) {
      data[j] = 1
      const [want, got] = [along(zeros), gradients[i][j]]
      data[j] = 0
      const error = Math.abs(want - got)
      if (!(error <= worst.error))
        worst = { error, what: `gradient of input ${i} at ${j}`, want, got }
    }
  })
  return worst.what ? worst : {}
}
