/** What one step of a training costs: each launch, with the operation that asked for it. */
import { backwardSteps } from '../autograd/backward.js'
import { device } from '../kernels/device.js'
import { columns } from '../nn/columns.js'
import { checkFunction, optionsOf } from '../tensor/arguments.js'
import { scope } from '../tensor/lifetime.js'
import type { Shape } from '../tensor/shape.js'
import type { Storage } from '../tensor/storage.js'
import type { Tensor } from '../tensor/tensor.js'
import { launchesOf } from './launches.js'
import { recordsBehind } from './tape.js'

export type Phase = 'forward' | 'backward' | 'update'

/** A tensor of a launch, by the name that the kernel has for it. */
export interface ChargedBuffer {
  readonly name: string
  readonly shape: Shape
  readonly bytes: number
  /** Whether the kernel writes it. */
  readonly write: boolean
}

/** One launch on the bill. */
export interface Charge {
  readonly phase: Phase
  /** The operation on the tape that asked for it; `step` for the optimizer. */
  readonly op: string
  readonly kernel: string
  readonly entry: string
  /** As the kernel was compiled with them: `LANES=4, BIAS=true`. */
  readonly constants: string
  readonly buffers: readonly ChargedBuffer[]
  /** Of all its buffers: a lower bound of its traffic. */
  readonly bytes: number
  /** By the GPU's clock; null where it has none. */
  readonly milliseconds: number | null
}

/** One step's launches, in their order. `String(bill)` is a table. */
export class Bill {
  constructor(readonly charges: readonly Charge[]) {}

  toString(): string {
    const rows = this.charges.map(({ phase, op, kernel, entry, bytes, milliseconds }) => [
      phase,
      op,
      entry === 'main' ? kernel : `${kernel}.${entry}`,
      (bytes / 1e6).toFixed(3),
      milliseconds?.toFixed(3) ?? '–',
    ])
    return columns([['', 'op', 'kernel', 'MB', 'ms'], ...rows], { right: [3, 4] }).join('\n')
  }

  /** The text that console.log prints in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** What the bill asks of an optimizer. */
interface Steps {
  zeroGrad(): void
  step(): void
}

/**
 * Runs one step of a training, and says what each launch of it was for:
 *
 *     console.log(await bill(() => mseLoss(model.forward(x), x), optimizer))
 *
 * The step is a real one: the parameters change. Run one before, which compiles the kernels.
 * @throws Error what the step throws
 */
export async function bill(
  forward: () => Tensor,
  optimizer: Steps,
  options: { timed?: boolean } = {},
): Promise<Bill> {
  checkFunction('bill', forward)
  const { timed = device().features.has('timestamp-query') } = optionsOf('bill', options, ['timed'])
  const asked: { phase: Phase; op: string | null }[] = []
  const results = new Map<Storage, string>()
  const { launches } = await launchesOf(count => {
    /** All launches since the last call. */
    const charge = (phase: Phase, op: string | null) => {
      while (asked.length < count()) asked.push({ phase, op })
    }
    scope(() => {
      optimizer.zeroGrad()
      const loss = forward()
      for (const { op, result } of recordsBehind('bill', loss))
        if (!results.has(result.storage)) results.set(result.storage, op)
      charge('forward', null)
      for (const { node } of backwardSteps(loss)) charge('backward', node.op)
      charge('backward', 'grad')
      optimizer.step()
      charge('update', 'step')
    })
  }, timed)
  const charges = launches.map(({ kernel, label, tensors, bytes, milliseconds }, i): Charge => {
    const written = tensors.filter(({ write }) => write).map(({ tensor }) => tensor)
    // what is not on the tape, such as random numbers, has the name of what it made
    const ofResult = written.flatMap(({ storage }) => results.get(storage) ?? [])[0]
    const { phase, op } = asked[i]
    const [entry, ...constants] = label.slice(kernel.length + 1).split(',')
    return {
      phase,
      op: op ?? ofResult ?? written[0]?.op ?? kernel,
      kernel,
      entry,
      constants: constants.join(', '),
      buffers: tensors.map(({ name, write, tensor }) => ({
        name,
        write,
        shape: tensor.shape,
        bytes: 4 * tensor.size,
      })),
      bytes,
      milliseconds,
    }
  })
  return new Bill(charges)
}
