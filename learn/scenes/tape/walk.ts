/** A program run on the engine, and the walk back through its tape: all as plain numbers. */
import { type BackwardStep, stepper, type TapeRecord } from '../../../src/explain/index.js'
import { type Tensor, tensor } from '../../../src/index.js'
import { openScope } from '../../../src/tensor/scope.js'
import type { Program } from './expression.js'
import { lineOf, read, type Values } from './values.js'

/** What the reader has set for a leaf. */
export interface Leaf {
  readonly values: Values
  readonly requiresGrad: boolean
}

export type Leaves = Readonly<Record<string, Leaf>>

/** A box of the graph: a leaf, or the result of a record. */
export interface Item {
  readonly name: string
  /** What the reader calls it; of a constant its value. */
  readonly title: string
  /** What made it; null: a leaf. */
  readonly record: TapeRecord | null
  readonly values: Values
  /** Whether a gradient comes to it. */
  readonly requiresGrad: boolean
}

/** A gradient that went to one input. */
export interface Passed {
  readonly to: string
  /** Which of the record's inputs it was. */
  readonly input: number
  readonly dx: Values
  /** All that has reached it so far, this one last, and their sum. */
  readonly parts: readonly Values[]
  readonly sum: Values
}

/** One record passed. */
export interface Step {
  readonly name: string
  readonly dy: Values
  readonly passed: readonly Passed[]
}

export interface Tape {
  /** By name: leaves in order of use, then records, oldest first. */
  readonly items: ReadonlyMap<string, Item>
  readonly records: readonly TapeRecord[]
  /** Newest first. */
  readonly steps: readonly Step[]
}

/** A program's result, with what it was computed from. */
export interface Result {
  readonly y: Tensor
  readonly leaves: Readonly<Record<string, Tensor>>
  /** Names that the program's lines gave. */
  readonly titles: ReadonlyMap<Tensor, string>
}

/** Computes the program, and hands it to `f`; the tensors end when the promise of `f` does. */
export async function compute<T>(
  program: Program,
  given: Leaves,
  f: (result: Result) => Promise<T>,
): Promise<T> {
  const scope = openScope()
  try {
    const leaves: Record<string, Tensor> = {}
    for (const name of program.leaves) {
      const { values, requiresGrad } = given[name]
      leaves[name] = tensor([...values.data], { shape: values.shape, requiresGrad })
    }
    const titles = new Map<Tensor, string>()
    const y = program.run(new Map(Object.entries(leaves)), (name, t) => titles.set(t, name))
    return await f({ y, leaves, titles })
  } finally {
    scope.close()
  }
}

/** Records it, and walks back to the end. @throws Error of the engine, such as shapes that differ */
export function tapeOf(program: Program, leaves: Leaves): Promise<Tape> {
  return compute(program, leaves, async ({ y, leaves: names, titles }) => {
    const walk = stepper(y, { names })
    const steps = [...walk]
    const [items, read] = await Promise.all([itemsOf(walk.records, titles), stepsOf(steps)])
    return { items, records: walk.records, steps: read }
  })
}

async function itemsOf(
  records: readonly TapeRecord[],
  titles: Result['titles'],
): Promise<Tape['items']> {
  const tensors = new Map<string, Tensor>()
  for (const { inputs } of records)
    for (const { name, tensor } of inputs) if (!tensor.origin) tensors.set(name, tensor)
  const made = new Map(records.map(record => [record.name, record]))
  for (const { name, result } of records) tensors.set(name, result)
  const items = [...tensors].map(async ([name, t]): Promise<[string, Item]> => {
    const values = await read(t)
    const title = titles.get(t) ?? (/^leaf\d/.test(name) ? lineOf(values) : name)
    const record = made.get(name) ?? null
    return [name, { name, title, record, values, requiresGrad: t.requiresGrad }]
  })
  return new Map(await Promise.all(items))
}

function stepsOf(steps: readonly BackwardStep[]): Promise<Step[]> {
  const parts = new Map<string, Promise<Values>[]>()
  return Promise.all(
    steps.map(async ({ record, dy, passed }) => ({
      name: record.name,
      passed: await Promise.all(
        passed.map(async ({ name, input, dx, sum }) => {
          const soFar = [...(parts.get(name) ?? []), read(dx)]
          parts.set(name, soFar)
          const [all, total] = await Promise.all([Promise.all(soFar), read(sum)])
          return { to: name, input, dx: all.at(-1)!, parts: all, sum: total }
        }),
      ),
      dy: await read(dy),
    })),
  )
}
