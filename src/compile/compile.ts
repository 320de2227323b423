/** Steps recorded once, then replayed: the same launches on the same buffers, in one submit. */
import { check } from '../kernels/check.js'
import { isBeingRecorded } from '../kernels/recording.js'
import { checkFunction, described, optionsOf } from '../tensor/arguments.js'
import { tensorsIn } from '../tensor/lifetime.js'
import { Tensor } from '../tensor/tensor.js'
import { layoutKey } from './inputs.js'
import { RecordedStep } from './recordedstep.js'
import { recordingKey } from './watch.js'

export interface CompileOptions {
  /** This many of the first replays are run both ways and compared bit by bit; 0 by default. */
  verify?: number
  /** false: every call runs the step itself, for comparison. */
  enabled?: boolean
}

/** What `compile` returns: called like the step itself. */
export interface CompiledStep<A extends Tensor[], R> {
  (...inputs: A): R
  /** How often a step was recorded, and how often one was replayed. */
  readonly counts: { readonly recorded: number; readonly replayed: number }
  /** Forgets the recordings and gives their memory back; the next call records again. */
  dispose(): void
}

/**
 * A step of training, recorded at its first call and replayed at all others:
 *
 *     const step = compile((x: Tensor) => {
 *       optimizer.zeroGrad()
 *       const loss = mseLoss(model.forward(x), x)
 *       loss.backward()
 *       optimizer.step()
 *       return loss
 *     })
 *
 * A replay is one submit of the same launches on the same buffers. It gives the same bits as the
 * step itself. The step's inputs are tensors. Other shapes, strides or dtypes, another mode of a
 * layer or other frozen parameters make a new recording. The step returns a tensor, or arrays and
 * plain objects of tensors. They have no history and live until the next call: read or copy them.
 *
 * The step's JavaScript runs only while recording, so numbers that it computes stay as they were
 * then. Pass whatever changes from step to step as a tensor. Learning rates, schedulers, step
 * counts, running statistics and random numbers go on as they should; `verify` finds what does not.
 *
 * The step may make constants, such as a mask of `arange(n)` or `tensor([0.5, 0.5])`. They are
 * uploaded once per recording; a replay copies them, so make large ones outside. Such a step is
 * recorded again at its second call, which must make the same.
 *
 * A step that calls `keep` is recorded again at the next call: it may find there what it has kept.
 * @throws Error when the step does what a replay could not: it reads a tensor, or makes one from
 * other numbers of the host than before
 */
export function compile<A extends Tensor[], R>(
  step: (...inputs: A) => R,
  options: CompileOptions = {},
): CompiledStep<A, R> {
  checkFunction('compile', step)
  const { verify = 0, enabled = true } = optionsOf('compile', options, ['verify', 'enabled'])
  check(
    Number.isInteger(verify) && verify >= 0,
    () => `compile: verify is ${verify}; it must be a whole number from 0 up`,
  )
  const known = new Map<string, RecordedStep<A, R>>()
  const counts = { recorded: 0, replayed: 0 }
  let unverified = verify

  const forget = (key: string) => {
    known.get(key)?.dispose()
    known.delete(key)
  }
  const call = (...inputs: A): R => {
    if (!enabled || isBeingRecorded()) return step(...inputs)
    const result = recordOrReplay(inputs)
    for (const t of tensorsIn(result)) makers.set(t, call)
    return result
  }
  const recordOrReplay = (inputs: A): R => {
    const key = keyOf(inputs)
    const recorded = known.get(key)
    const isValid = recorded?.isValid()
    if (recorded && isValid && recorded.hasProvenConstants) {
      counts.replayed++
      if (unverified === 0) return recorded.replay(inputs)
      unverified--
      return recorded.verify(inputs, step)
    }
    recorded?.copyGradientsOut() // the step may add to them
    const made = new RecordedStep(step, inputs, isValid ? recorded : undefined)
    forget(key)
    if (known.size === most) forget([...known.keys()][0])
    known.set(key, made)
    counts.recorded++
    return made.result()
  }
  dropped.register(call, known)
  return Object.assign(call, { counts, dispose: () => [...known.keys()].forEach(forget) })
}

/** Gives back the memory of a compiled step that nothing reaches any more. */
const dropped = new FinalizationRegistry((known: Map<string, { dispose(): void }>) => {
  for (const recorded of known.values()) recorded.dispose()
  known.clear()
})

/** A result lies in the memory of the compiled step that made it, so it keeps the step alive. */
const makers = new WeakMap<Tensor, unknown>()

const most = 8 // recordings per compiled step: each holds the memory of a whole step

/** Calls with equal keys use the same recording. */
function keyOf(inputs: readonly Tensor[]): string {
  const types = inputs.map((input, i) => {
    check(
      input instanceof Tensor,
      () =>
        `compile: argument ${i} is ${described(input)}; the step takes tensors, since any other ` +
        'value would stay as it was while recording. tensor(…) makes one of numbers',
    )
    check(
      !input.requiresGrad,
      () =>
        `compile: argument ${i} (${input}) requires a gradient, which does not pass into a ` +
        'recorded step; detach() it, or call requiresGrad inside',
    )
    return layoutKey(input)
  })
  return `${types.join()} ${recordingKey()}`
}
