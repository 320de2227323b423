/** From choices to a program. Every list of choices makes one, so a shorter list is a smaller program. */
import { between, oneOf, shapeOf, sometimes } from '../ops/generate.js'
import {
  type Domain,
  draw,
  generator,
  type LayoutName,
  layouts,
  ownDtype,
  type Random,
} from '../ops/inputs.js'
import type { Grid } from '../ops/reference.js'
import type { Case } from '../ops/row.js'
import { type OpName, table } from '../ops/table.js'
import { type Call as Callable, trialOf } from '../ops/trial.js'
import { isAtKink } from './kinks.js'
import { naturalCall } from './natural.js'
import { type Call, isConstant, type Program, rowOf, type Step, type Value } from './program.js'

/** What a step is drawn from. */
export interface Choice {
  /** Which earlier values it reads, counted back from the latest. */
  readonly back: readonly number[]
  readonly seed: number
}

const largest = 4000 // elements of a value, since float64 loops are slow
const names = Object.keys(table) as OpName[]

export function build(choices: readonly Choice[], seed: number): Program {
  const builder = new Builder()
  const random = generator(seed)
  builder.leaf(random, sometimes(random, 0.4) ? image(random) : shapeOf(random), 'any')
  for (const choice of choices) builder.attempt(choice)
  return builder.program(seed)
}

function image(random: Random): number[] {
  const batch = sometimes(random, 0.8) ? [between(random, 1, 3)] : []
  return [...batch, between(random, 1, 4), between(random, 1, 8), between(random, 1, 8)]
}

class Builder {
  private steps: Step[] = []
  private values: Value[] = []

  /** Adds the call that the choice means, and what it needs; nothing if it has no place. */
  attempt({ back, seed }: Choice): void {
    const [steps, values] = [[...this.steps], [...this.values]]
    const random = generator(seed)
    let next = 0
    const pick = () => this.earlier(back[next++ % back.length])
    try {
      const main = pick()
      const shape = this.values[main].grid.shape
      const made = sometimes(random, 0.75) ? naturalCall(random, shape) : fromTable(random)
      if (made && this.call(made, { random, main, pick })) return
    } catch {
      // a shape that the op does not take
    }
    ;[this.steps, this.values] = [steps, values]
  }

  program(seed: number): Program {
    const { steps, values } = this
    const read = new Set(steps.flatMap(s => (s.kind === 'call' ? s.inputs : [])))
    const random = generator(seed + 1)
    const ends = [...values.keys()].filter(id => !read.has(id))
    const reached = this.reachedFrom(ends)
    const isLeaf = values.map(({ step }) => steps[step].kind === 'leaf')
    const wanted = [...values.keys()].filter(id => values[id].requiresGrad && reached.has(id))
    return {
      steps,
      values,
      ends,
      leaves: wanted.filter(id => isLeaf[id]),
      inner: wanted.filter(id => !isLeaf[id] && sometimes(random, 0.4)),
      seed,
    }
  }

  leaf(random: Random, shape: readonly number[], domain: Domain, nth = 0): number {
    const own = ownDtype(domain)
    const isPlain = sometimes(random) || domain === 'distinct' || domain === 'fixed'
    const layout: LayoutName = isPlain
      ? 'contiguous'
      : oneOf(random, Object.keys(layouts) as LayoutName[])
    const seed = between(random, 1, 1e9)
    const grid = draw(shape, domain, { random: generator(seed), nth, layout, dtype: own ?? 'f32' })
    const requiresGrad = !own && (this.values.length === 0 || sometimes(random, 0.8))
    const drawn = { shape, domain, nth, seed }
    this.steps.push({ kind: 'leaf', grid, drawn, layout, requiresGrad })
    const step = this.steps.length - 1
    return this.values.push({ grid, step, isFloat: !own, requiresGrad }) - 1
  }

  /** The value so many floats before the latest. */
  private earlier(back: number): number {
    const floats = [...this.values.keys()].filter(id => this.values[id].isFloat)
    return floats.at(-1 - (back % floats.length))!
  }

  /** An earlier value of that shape if there is one, else any. */
  private like(shape: readonly number[], pick: () => number): number {
    const chosen = pick()
    const fitting = [...this.values.keys()].filter(
      id => this.values[id].isFloat && `${this.values[id].grid.shape}` === `${shape}`,
    )
    return fitting.length > 0 ? fitting[chosen % fitting.length] : chosen
  }

  private call(
    [op, c]: [OpName, Case],
    { random, main, pick }: { random: Random; main: number; pick: () => number },
  ): boolean {
    const { from } = trialOf(op, rowOf(op), c)
    let isFirst = true
    const inputs = c.inputs.map((shape, nth) => {
      if (shape === null || shape === undefined) return null
      if (typeof shape === 'number') return { number: shape }
      const domain = from(nth)
      if (ownDtype(domain)) return this.leaf(random, shape, domain, nth)
      const isMain = isFirst
      isFirst = false
      if (!isMain && sometimes(random, 0.6)) return this.leaf(random, shape, domain, nth)
      return this.fit(random, isMain ? main : this.like(shape, pick), shape, domain)
    })
    if (inputs.includes(-1)) return false
    return this.push({ kind: 'call', op, inputs, args: c.args }, random) >= 0
  }

  /** The value in another shape and domain; −1 if that cannot be. */
  private fit(random: Random, id: number, shape: readonly number[], domain: Domain): number {
    let x = id
    const apply = (op: OpName, args: unknown[], more: { number: number }[] = []) => {
      if (x >= 0) x = this.push({ kind: 'call', op, inputs: [x, ...more], args }, random)
    }
    const n = this.values[id].grid.data.length
    const m = shape.reduce((a, b) => a * b, 1)
    if (n < m) {
      if (n === 0) return -1
      const times = Math.ceil(m / n)
      apply('reshape', [[1, n]])
      apply('expand', [[times, n]])
      apply('reshape', [[times * n]])
    } else if (n > m) apply('reshape', [[n]])
    const length = Math.max(n, n === 0 ? 0 : Math.ceil(m / n) * n)
    if (length !== m) apply('narrow', [0, between(random, 0, length - m), m])
    if (x >= 0 && `${this.values[x].grid.shape}` !== `${shape}`) apply('reshape', [shape])
    if (x < 0 || isIn(domain, this.values[x].grid)) return x
    const most = this.values[x].grid.data.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
    if (most > 2) apply('mul', [], [{ number: 2 ** -Math.ceil(Math.log2(most / 2)) }])
    apply('tanh', [])
    if (domain === 'positive' || domain === 'nonzero') apply('add', [], [{ number: 1.3 }])
    if (domain === 'share') {
      apply('mul', [], [{ number: 0.4 }])
      apply('add', [], [{ number: 0.5 }])
    }
    return x
  }

  /** Adds a call if its results are ordinary numbers. The number of its first result, or −1. */
  private push(call: Call, random: Random): number {
    const { op, args } = call
    const inputs = call.inputs.map(i =>
      i === null ? null : typeof i === 'number' ? this.values[i].grid : i.number,
    )
    if (isAtKink(op, inputs, args, random)) return -1
    const f = rowOf(op).f as unknown as Callable<Grid>
    const ys = [f(...inputs, ...args)].flat()
    const isOrdinary = ({ data }: Grid) =>
      data.length <= largest && data.every(y => Math.abs(y) <= 60)
    if (isSaturated(call, ys[0])) return -1
    if (ys.length === 0 || !ys.every(isOrdinary)) return -1
    const id = this.values.length
    const isFloat = op === 'detach' || !isConstant(op)
    const requiresGrad =
      !isConstant(op) && call.inputs.some(i => typeof i === 'number' && this.values[i].requiresGrad)
    this.steps.push(call)
    for (const [i, grid] of ys.entries()) {
      const isIndex = i > 0 && !['chunk', 'split', 'unbind'].includes(op)
      this.values.push({
        grid,
        step: this.steps.length - 1,
        isFloat: isFloat && !isIndex,
        requiresGrad: requiresGrad && !isIndex,
      })
    }
    return id
  }

  /** The values from which gradients of the ends come back. */
  private reachedFrom(ends: readonly number[]): Set<number> {
    const reached = new Set(ends.filter(id => this.values[id].requiresGrad))
    for (let id = this.values.length - 1; id >= 0; id--) {
      const step = this.steps[this.values[id].step]
      if (!reached.has(id) || step.kind === 'leaf') continue
      for (const i of step.inputs)
        if (typeof i === 'number' && this.values[i].requiresGrad) reached.add(i)
    }
    return reached
  }
}

/** Any op of the table, with shapes of its own. */
function fromTable(random: Random): [OpName, Case] {
  const op = oneOf(random, names)
  const { generate, cases } = rowOf(op)
  return [op, generate && sometimes(random, 0.8) ? generate(random) : oneOf(random, cases)]
}

/** Whether 1 − y² (y − y²) has lost its digits, so that no bound holds for gradients. */
function isSaturated({ op, args }: Call, y: Grid | undefined): boolean {
  const options = args.at(-1) as { activation?: string } | null | undefined
  const f = options?.activation ?? op
  if (f === 'tanh') return !!y?.data.some(v => Math.abs(v) > 0.99)
  return f === 'sigmoid' && !!y?.data.some(v => v < 0.005 || v > 0.995)
}

function isIn(domain: Domain, { data }: Grid): boolean {
  const all = (test: (x: number) => boolean) => data.every(test)
  if (domain === 'positive') return all(x => x > 0.1 && x < 20)
  if (domain === 'nonzero') return all(x => Math.abs(x) > 0.2 && Math.abs(x) < 20)
  if (domain === 'share') return all(x => x > 0.05 && x < 0.95)
  return all(x => Math.abs(x) < 12)
}
