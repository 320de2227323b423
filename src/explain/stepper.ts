/** A backward pass that goes on by one operation at a time. */
import { startOf, steps } from '../autograd/backward.js'
import { Destinations } from '../autograd/destinations.js'
import { check } from '../kernels/check.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Names, recordsBehind, type TapeRecord } from './tape.js'

/** A gradient on its way to one input. */
export interface GradientPassed {
  /** Of the input. */
  readonly name: string
  /** Its place among the record's inputs: in x · x, one tensor has two. */
  readonly input: number
  /** The equation of its arrow, if it is known. */
  readonly formula: string
  /** What this arrow gave. */
  readonly dx: Tensor
  /** With all that has reached the input before. */
  readonly sum: Tensor
  /** Whether something had. */
  readonly isSum: boolean
}

/** One operation that the walk has passed. */
export interface BackwardStep {
  readonly record: TapeRecord
  /** The whole gradient of its result. */
  readonly dy: Tensor
  readonly passed: readonly GradientPassed[]
}

export interface StepperOptions {
  /** The gradient to begin with; 1 for a scalar. */
  dy?: Tensor
  /** Names for leaves, such as `{ model, x, y }`. */
  names?: Names
}

/** The walk back from a result: `next()` passes one operation, newest first. */
export class Stepper implements IterableIterator<BackwardStep> {
  /** The tape, oldest first. */
  readonly records: readonly TapeRecord[]
  /** By name, the gradients that have reached a result or a leaf so far. */
  readonly gradients = new Map<string, Tensor>()
  private readonly walk: ReturnType<typeof steps>
  private readonly byResult = new Map<Tensor, TapeRecord>()

  constructor(y: Tensor, options: StepperOptions = {}) {
    const { dy, names } = optionsOf('stepper', options, ['dy', 'names'])
    const start = startOf('stepper', y, dy)
    this.records = recordsBehind('stepper', y, names)
    for (const record of this.records) this.byResult.set(record.result, record)
    this.gradients.set(this.records.at(-1)!.name, start)
    const how = {
      retainGraph: true,
      createGraph: true, // the arrows as they stand on the tape, and no shortcut
      wanted: new Set<never>(),
      destinations: new Destinations(false),
    }
    this.walk = steps('stepper', y, start, how, () => {})
  }

  next(): IteratorResult<BackwardStep> {
    const { done, value } = this.walk.next()
    if (done) return { done: true, value: undefined }
    const record = this.byResult.get(value.node.result!)!
    check(record, () => 'stepper: the tape has changed since the stepper was made; make a new one')
    const taken = new Set<number>()
    const passed = value.on.map(({ x, dx, sum }) => {
      const input = record.inputs.findIndex(({ tensor }, i) => tensor === x && !taken.has(i))
      taken.add(input)
      const { name } = record.inputs[input]
      const isSum = this.gradients.has(name)
      this.gradients.set(name, sum)
      return { name, input, formula: record.arrows[input] ?? '', dx, sum, isSum }
    })
    return { done: false, value: { record, dy: value.dy, passed } }
  }

  [Symbol.iterator](): this {
    return this
  }
}

/**
 * A backward pass by hand: each `next()` passes one operation, newest first, and says what reached
 * which input.
 *
 *     for (const { record, passed } of stepper(loss)) console.log(record.op, passed)
 *
 * It follows the arrows, keeps the graph, and changes no `grad`.
 * @throws Error when y was not recorded, its graph was freed, or it needs a `dy`
 */
export function stepper(y: Tensor, options: StepperOptions = {}): Stepper {
  return new Stepper(y, options)
}
