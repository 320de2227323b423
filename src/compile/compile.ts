/** Steps that are recorded once and then replayed: the same launches on the same buffers, in one submit. */
import { check, synchronous } from '../kernels/check.js'
import { type Copy, replay } from '../kernels/launch.js'
import { aside, isBeingRecorded, Recording } from '../kernels/recording.js'
import { gather } from '../kernels/strided.js'
import { compact } from '../tensor/contiguous.js'
import { keep, mapTensors, scope, tensorsIn } from '../tensor/lifetime.js'
import { collapse, show } from '../tensor/shape.js'
import { aliasOf, empty, Tensor } from '../tensor/tensor.js'
import { Verification } from './verify.js'
import { leavesOf, modes, StepGradient } from './watch.js'

export interface CompileOptions {
  /** So many of the first replays are run both ways, and compared bit by bit; 0 by default. */
  verify?: number
  /** false: every call runs the step as it stands, for comparison. */
  enabled?: boolean
}

/** What `compile` returns: called like the step itself. */
export interface CompiledStep<A extends Tensor[], R> {
  (...inputs: A): R
  /** How often a step was recorded, and how often one was replayed. */
  readonly counts: { readonly recorded: number; readonly replayed: number }
  /** Forgets the recordings and gives their memory back; the next call records anew. */
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
 * A replay is one submit of the same launches on the same buffers, and gives the same bits as the step itself. The
 * step's inputs are tensors; other shapes or dtypes, another mode of a layer or other frozen parameters are
 * recorded anew. What it returns (a tensor, or arrays and plain objects of them) has no history, and lives
 * until the next call: read it before, or copy it.
 *
 * The step's JavaScript runs only while recording. So numbers that it computes with are those of the recording:
 * what changes from step to step is passed as a tensor. Learning rates, schedulers, step counts, running
 * statistics and random numbers go on as they should; `verify` finds what does not.
 * @throws Error when the step does what a replay could not: reads a tensor, makes one from the host's numbers
 */
export function compile<A extends Tensor[], R>(
  step: (...inputs: A) => R,
  { verify = 0, enabled = true }: CompileOptions = {},
): CompiledStep<A, R> {
  check(
    Number.isInteger(verify) && verify >= 0,
    () => `compile: verify is ${verify}; it must be a whole number from 0 up`,
  )
  const takes = new Map<string, Take<A, R>>()
  const counts = { recorded: 0, replayed: 0 }
  let unverified = verify

  const forget = (key: string) => {
    takes.get(key)?.release()
    takes.delete(key)
  }
  const run = (...inputs: A): R => {
    if (!enabled || isBeingRecorded()) return step(...inputs)
    const key = signature(inputs)
    const known = takes.get(key)
    if (known?.holds) {
      counts.replayed++
      if (unverified === 0) return known.replay(inputs)
      unverified--
      return known.verify(inputs, step)
    }
    const take = new Take(step, inputs)
    forget(key)
    if (takes.size === most) forget([...takes.keys()][0])
    takes.set(key, take)
    counts.recorded++
    return take.handOut()
  }
  return Object.assign(run, { counts, dispose: () => [...takes.keys()].forEach(forget) })
}

const most = 8 // recordings of one step: each holds the memory of a whole step

/** One recording of a step, with the tensors that stand at its ends. */
class Take<A extends Tensor[], R> {
  private readonly recording: Recording
  private readonly places: readonly Tensor[]
  /** The step's result. What is handed out are aliases of its tensors. */
  private readonly results: R
  private readonly grads: readonly StepGradient[]
  private handedOut: Tensor[] = []

  constructor(step: (...inputs: A) => R, inputs: A) {
    const { recording, result } = Recording.of(() => {
      const places = inputs.map(input => keep(empty(input.shape, input.dtype, 'input'))) as A
      aside(() => {
        for (const [i, input] of inputs.entries()) fill(places[i], input)
      })
      const results = scope(() =>
        mapTensors(synchronous('compile: the step', step(...places)), t => keep(aliasOf(t))),
      )
      return { places, results }
    })
    this.recording = recording
    this.places = result.places
    this.results = result.results
    this.grads = leavesOf(recording).map(leaf => new StepGradient(leaf))
  }

  get holds(): boolean {
    return this.recording.holds
  }

  /** What the latest run of the step returned; what this gave before is gone. */
  handOut(): R {
    for (const old of this.handedOut) old.dispose()
    const value = mapTensors(this.results, aliasOf)
    this.handedOut = tensorsIn(value).filter(t => t.storage.lease.home === this.recording.arena)
    return value
  }

  /** Replays the step. */
  replay(inputs: A): R {
    return scope(() => {
      const copies = this.copies(inputs)
      this.recording.repeatEffects()
      return this.play(copies)
    })
  }

  /** Runs the step, and replays it from the same state; what differs is reported at the next read. */
  verify(inputs: A, step: (...inputs: A) => R): R {
    return scope(() => {
      const copies = this.copies(inputs)
      const verification = new Verification(this.recording)
      verification.expect(tensorsIn(step(...inputs)))
      const result = this.play(copies)
      verification.compare(tensorsIn(result))
      return result
    })
  }

  /** Gives the memory back. Gradients that lie there are copied; results are gone. */
  release(): void {
    for (const gradient of this.grads) gradient.moveOut(this.recording)
    for (const t of [...this.places, ...this.handedOut]) t.dispose()
    this.recording.release()
  }

  private play(copies: readonly Copy[]): R {
    replay(this.recording, copies)
    for (const gradient of this.grads) gradient.restore()
    return this.handOut()
  }

  private copies(inputs: A): Copy[] {
    return inputs.map((input, i) => {
      const { storage, offset, size } = compact(input)
      const to = this.places[i].storage.lease
      return { source: storage.lease, offset: 4 * offset, to, bytes: 4 * size }
    })
  }
}

/** What distinguishes one recording of a step from another. */
function signature(inputs: readonly Tensor[]): string {
  const types = inputs.map((input, i) => {
    check(
      input instanceof Tensor,
      () =>
        `compile: argument ${i} is ${typeof input}; the step takes tensors, since any other value would be that of the recording for good`,
    )
    check(
      !input.requiresGrad,
      () =>
        `compile: argument ${i} (${input}) requires a gradient, which does not pass into a recorded step; detach() it, or call requiresGrad inside`,
    )
    return `${show(input.shape)} ${input.dtype}`
  })
  return `${types.join()} ${modes()}`
}

function fill(place: Tensor, x: Tensor): void {
  const { shape, strides } = collapse(x.shape, [x.strides])
  gather(x.storage.lease, { shape, strides: strides[0], offset: x.offset }, place.storage.lease)
}
