/** One recording of a step, with the tensors that go into it and come out of it. */
import { check, synchronous } from '../kernels/check.js'
import { type Copy, replay } from '../kernels/launch.js'
import { Recording, recordingNow, unrecorded } from '../kernels/recording.js'
import { mapTensors, scope, tensorsIn, unscoped } from '../tensor/lifetime.js'
import { aliasOf, type Tensor, view } from '../tensor/tensor.js'
import { copying, copyTo, placeFor } from './inputs.js'
import { StepGradient } from './stepgradient.js'
import { Verification } from './verify.js'
import { leavesOf, watchStart } from './watch.js'

const calledAgain =
  'the compiled step that returned it was called again; read it before that, or keep a copy: ' +
  'keep(t.clone())'

export class RecordedStep<A extends Tensor[], R> {
  private readonly recording: Recording
  /** What the launches read: every call copies its inputs here. */
  private readonly inputs: A
  /** The step's result. Every call returns new aliases of its tensors. */
  private readonly output: R
  private readonly gradients: readonly StepGradient[]
  /** Whether two runs of the step have made their tensors from the same numbers of the host. */
  readonly hasProvenConstants: boolean
  /** What the latest call returned. Who holds such a tensor decides how long this one lives. */
  private returned: WeakRef<Tensor>[] = []

  /**
   * Runs the step and records it. `earlier` is a recording that could have been replayed instead.
   * @throws Error what the step throws, or that it makes tensors from other numbers than earlier;
   * then nothing is recorded
   */
  constructor(step: (...inputs: A) => R, inputs: A, earlier?: RecordedStep<A, R>) {
    const { recording, result } = Recording.of(() => {
      watchStart()
      const copies = inputs.map(input => unscoped(placeFor(input))) as A
      unrecorded(() => inputs.map((input, i) => copyTo(copies[i], input)))
      const isInput = (t: Tensor) => copies.some(({ storage }) => storage === t.storage)
      const output = scope(() =>
        mapTensors(
          synchronous('compile: the step', step(...copies)),
          t =>
            // the next call overwrites its inputs, and may be given this result
            lasting(isInput(t) ? copyTo(placeFor(t), t) : t),
          'compile: the step',
        ),
      )
      check(
        !earlier || recordingNow()!.hasConstantsOf(earlier.recording),
        () =>
          'compile: the step makes a tensor from numbers of the host (tensor(), arange(), …) ' +
          'that change from call to call. Replays would repeat the first: pass it as an argument',
      )
      return { inputs: copies, output }
    })
    this.recording = recording
    this.hasProvenConstants = earlier !== undefined || recording.constants.length === 0
    this.inputs = result.inputs
    this.output = result.output
    this.gradients = leavesOf(recording).map(leaf => new StepGradient(leaf, recording))
  }

  /** Whether a replay would still do what the step would. */
  isValid(): boolean {
    return this.recording.isValid()
  }

  /** What the latest run or replay returned. What this gave before is gone. */
  result(): R {
    for (const t of this.returned) t.deref()?.storage.end(calledAgain)
    const value = mapTensors(this.output, again)
    this.returned = tensorsIn(value)
      .filter(t => isMadeBy(this.recording, t))
      .map(t => new WeakRef(t))
    return value
  }

  /** Replays the step. */
  replay(inputs: A): R {
    return scope(() => {
      const copies = this.copies(inputs)
      this.recording.repeatEffects()
      return this.submit(copies)
    })
  }

  /** Runs the step, and replays it from the same state. Reads throw if the two differ. */
  verify(inputs: A, step: (...inputs: A) => R): R {
    return scope(() => {
      const copies = this.copies(inputs)
      const verification = new Verification(this.recording)
      verification.expect(() => tensorsIn(step(...inputs)))
      const result = this.submit(copies)
      verification.compare(tensorsIn(result))
      return result
    })
  }

  /** Copies the gradients that it has left in leaves to memory of their own. */
  copyGradientsOut(): void {
    for (const gradient of this.gradients) gradient.copyOut()
  }

  /** Gives the memory back. Gradients in it are copied first; results are gone. */
  dispose(): void {
    this.copyGradientsOut()
    for (const t of this.inputs) t.dispose()
    for (const t of this.returned) t.deref()?.dispose()
    this.recording.dispose()
  }

  private submit(copies: readonly Copy[]): R {
    replay(this.recording, copies)
    for (const gradient of this.gradients) gradient.restore()
    return this.result()
  }

  private copies(inputs: A): Copy[] {
    return inputs.map((input, i) => copying(input, this.inputs[i]))
  }
}

/** Whether a tensor's memory belongs to a recording. */
function isMadeBy({ arena }: Recording, t: Tensor): boolean {
  return t.storage.lease.arena === arena
}

/** The same tensor for as long as the recording lasts. A parameter may be moved meanwhile. */
function lasting(t: Tensor): Tensor {
  const isAlias = t.storage.borrowed || isMadeBy(recordingNow()!, t)
  return isAlias ? unscoped(aliasOf(t)) : view(t, t, t.op)
}

function again(t: Tensor): Tensor {
  return t.storage.borrowed ? aliasOf(t) : view(t, t, t.op)
}
