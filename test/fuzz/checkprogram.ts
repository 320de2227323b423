/** What must hold of a program: values, gradients of several kinds, gradients of gradients, bits. */
import {
  add,
  backward,
  compile,
  detach,
  full,
  grad,
  mul,
  nn,
  sum,
  type Tensor,
  useVariants,
} from '../../src/index.js'
import { scope } from '../../src/tensor/lifetime.js'
import { openScope } from '../../src/tensor/scope.js'
import { generator, place } from '../ops/inputs.js'
import {
  type Bounded,
  type Direction,
  directionOf,
  firstDerivative,
  secondDerivative,
  valuesOf,
  weightsOf,
} from './difference.js'
import { compute, gradients, lossOf, placeLeaf } from './engine.js'
import { variantsOf } from './events.js'
import type { Program } from './program.js'

/** How many comparisons were made; `loose` ones were left out, with a bound that finds nothing. */
export const counts = { checks: 0, loose: 0 }

/** @throws Error when the engine and float64 differ by more than the bound. */
export async function checkProgram(program: Program): Promise<void> {
  const outer = openScope()
  try {
    if (program.seed % 2) poison()
    useVariants(program.seed % 4 < 2 ? variantsOf(generator(program.seed)) : {})
    const { leaves, inner, values: known } = program
    const wants = valuesOf(program)
    if (!wants) {
      counts.loose++
      return
    }
    const first = program.steps.flatMap(step => (step.kind === 'leaf' ? [placeLeaf(step)] : []))
    if (program.seed % 3 === 0) train(first)
    const values = compute(program, first)
    for (const [id, y] of values.entries())
      same(`shape of h${id}`, `${known[id].grid.shape}`, `${y.shape}`)
    if (leaves.length > 0) await checkGradients(program, values, unshared(values, inner))
    for (const [id, y] of values.entries()) {
      if (program.steps[known[id].step].kind === 'leaf') continue
      const got = await y.data()
      for (const [j, bounded] of wants[id].entries()) within(`h${id} at ${j}`, bounded, got[j], 1)
    }
    if (leaves.length > 0) await checkCompiled(program, first)
  } finally {
    useVariants({})
    outer.close()
  }
}

async function checkGradients(program: Program, values: Tensor[], inner: number[]) {
  const { leaves } = program
  const weights = weightsOf(program)
  const all = [...leaves, ...inner]
  const of = (ids: readonly number[], createGraph = false) =>
    gradients(program, values, weights, ids, createGraph)
  const alone = of(leaves)
  const whole = of(all)
  const recorded = of(all, true)
  for (const gs of [alone, whole, recorded])
    same('pieces of memory that gradients have', gs.length, new Set(gs.map(g => g.storage)).size)
  const second = secondOf(program, values, recorded.slice(0, leaves.length))
  for (const y of values) y.grad = null
  const times = 1 + (program.seed % 2)
  for (let i = 0; i < times; i++)
    backward(lossOf(values, weights), undefined, { retainGraph: true })
  const v = directionOf(program, all, 0)
  const want = firstDerivative(program, v)
  const kinds: Record<string, (Tensor | null)[]> = {
    'grad() of leaves': alone,
    'grad() of leaves and inner values': whole,
    'grad() with createGraph': recorded,
    [`${times} × backward()`]: leaves.map(id => values[id].grad && mul(values[id].grad, 1 / times)),
  }
  let terms = 0 // of the first derivative: the second may be what is left when such terms cancel
  for (const [kind, got] of Object.entries(kinds)) {
    const full = all.map((_, i) => got[i] ?? whole[i])
    for (const [i, g] of full.entries())
      same(`shape of the gradient of h${all[i]}`, `${values[all[i]].shape}`, `${g.shape}`)
    const [sumOf, size] = await project(all, full, v)
    terms = size
    within(`${kind} of h${all.join(', h')} along a direction`, want, sumOf, size)
  }
  if (second) {
    const [got, size] = await project(leaves, second, directionOf(program, leaves, 2))
    const bounded = secondDerivative(
      program,
      directionOf(program, leaves, 2),
      directionOf(program, leaves, 1),
    )
    within('the gradient of the gradient along a direction', bounded, got, size + terms / 50, 5e-5)
  }
}

/** The gradients of ⟨w, gradient⟩ + 0 · x: it may not depend on x. */
function secondOf(program: Program, values: readonly Tensor[], first: readonly Tensor[]) {
  const { leaves } = program
  const w = directionOf(program, leaves, 1)
  const parts = leaves.map((id, i) => sum(mul(first[i], place(w.get(id)!, 'contiguous', 'f32'))))
  const none = leaves.map(id => sum(mul(values[id], 0)))
  const ofAll = [...parts, ...none].reduce((a, b) => add(a, b))
  const xs = leaves.map(id => values[id])
  return grad(ofAll, xs, { retainGraph: true })
}

/** Replays have the bits of the run itself. */
async function checkCompiled(program: Program, first: readonly Tensor[]): Promise<void> {
  const weights = weightsOf(program)
  const floats = program.steps.filter(step => step.kind === 'leaf')
  const step = (...inputs: Tensor[]) => {
    const leaves = inputs.map((x, i) => {
      const leaf = detach(x)
      leaf.requiresGrad = floats[i].requiresGrad
      return leaf
    })
    const values = compute(program, leaves)
    return [
      ...program.ends.map(id => values[id]),
      ...gradients(program, values, weights, program.leaves),
    ]
  }
  const inputs = first.map(x => detach(x))
  const bits = async (ts: Tensor[]) =>
    (await Promise.all(ts.map(t => t.data()))).map(d => `${new Uint32Array(d.buffer)}`)
  const want = await bits(scope(() => step(...inputs)))
  const compiled = compile(step)
  try {
    for (let call = 0; call < 3; call++)
      for (const [i, got] of (await bits(compiled(...inputs))).entries())
        same(`bits of result ${i} of call ${call} of the compiled program`, want[i], got)
  } finally {
    compiled.dispose()
  }
}

/** ⟨v, g⟩, and the sum of the magnitudes of its terms. */
async function project(ids: readonly number[], gs: readonly Tensor[], v: Direction) {
  let [total, size] = [0, 0]
  const data = await Promise.all(gs.map(g => g.data()))
  for (const [i, id] of ids.entries())
    for (const [j, vj] of v.get(id)!.data.entries()) {
      total += vj * data[i][j]
      size += Math.abs(vj * data[i][j])
    }
  return [total, size]
}

/** Values that are no other value's tensor: `contiguous(x)` may be x. */
function unshared(values: readonly Tensor[], ids: readonly number[]): number[] {
  return ids.filter(id => values.filter(t => t === values[id]).length === 1)
}

/** Makes leaves parameters of an optimizer, which moves them: their gradients go to its buffer. */
function train(leaves: readonly Tensor[]): void {
  const own = leaves.filter(
    x => x.requiresGrad && !x.origin && x.isContiguous && x.size === x.storage.size,
  )
  if (own.length > 0) new nn.SGD(own)
}

/** Fills the pool with NaN, so that memory that is read before it is written shows. */
function poison(): void {
  for (const n of [4, 64, 256, 1024, 4096]) scope(() => [full([n], NaN), full([n], NaN)].length)
}

function within(what: string, bounded: Bounded | null, got: number, size: number, part = 2e-5) {
  const allowed = bounded ? bounded.allowed + part * size : 0
  if (!bounded || allowed > 0.05 * Math.max(1, size, Math.abs(bounded.want))) {
    counts.loose++
    return
  }
  counts.checks++
  if (!(Math.abs(got - bounded.want) <= allowed))
    throw new Error(`${what}: expected ${bounded.want}, got ${got} (allowed ${allowed})`)
}

function same<T>(what: string, want: T, got: T): void {
  counts.checks++
  if (want !== got) throw new Error(`${what}: expected ${want}, got ${got}`.slice(0, 2000))
}
