/** A program in the engine. */
import * as ops from '../../src/autograd/ops/index.js'
import { add, grad, mul, sum, type Tensor } from '../../src/index.js'
import { ownDtype, place } from '../ops/inputs.js'
import type { Grid } from '../ops/reference.js'
import type { Call as Callable } from '../ops/trial.js'
import { type Leaf, type Program, rowOf } from './program.js'

const functions: Record<string, unknown> = { ...ops }

export function placeLeaf({ grid, layout, drawn, requiresGrad }: Leaf): Tensor {
  return place(grid, layout, ownDtype(drawn.domain) ?? 'f32', requiresGrad)
}

/** All values, computed from the given leaves. */
export function compute({ steps }: Program, leaves: readonly Tensor[]): Tensor[] {
  const values: Tensor[] = []
  let next = 0
  for (const step of steps) {
    if (step.kind === 'leaf') {
      values.push(leaves[next++])
      continue
    }
    const f = (rowOf(step.op).call ?? functions[step.op]) as Callable<Tensor>
    const inputs = step.inputs.map(i =>
      i === null ? null : typeof i === 'number' ? values[i] : i.number,
    )
    values.push(...[f(...inputs, ...step.args)].flat())
  }
  return values
}

/** Σ ⟨u, end⟩; a scalar end with u = 1 is itself. */
export function lossOf(values: readonly Tensor[], weights: ReadonlyMap<number, Grid>): Tensor {
  const terms = [...weights].map(([id, u]) => {
    const y = values[id]
    if (u.shape.length === 0 && u.data[0] === 1) return y
    return sum(mul(y, place(u, 'contiguous', 'f32')))
  })
  return terms.reduce((a, b) => add(a, b))
}

/** The gradients of the loss, from `dy` if there is one end only. */
export function gradients(
  program: Program,
  values: readonly Tensor[],
  weights: ReadonlyMap<number, Grid>,
  wanted: readonly number[],
  createGraph = false,
): Tensor[] {
  const xs = wanted.map(id => values[id])
  const options = { createGraph, retainGraph: true }
  if (weights.size === 1 && program.seed % 3 > 0) {
    const [[id, u]] = weights
    const layout = program.seed % 3 === 1 ? 'contiguous' : 'stepped'
    return grad(values[id], xs, { ...options, dy: place(u, layout, 'f32') })
  }
  return grad(lossOf(values, weights), xs, options)
}
