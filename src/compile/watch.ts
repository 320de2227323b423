/** Which leaves a recorded step gives gradients to: a replay leaves their `grad` as the step did. */
import { holdsWhile, type Recording, recordingNow } from '../kernels/recording.js'
import { copy } from '../tensor/contiguous.js'
import { keep, release } from '../tensor/lifetime.js'
import { aliasOf, type Tensor } from '../tensor/tensor.js'

const readers: (() => unknown)[] = []

/** Has a recording made anew whenever `read()` gives another value when the step is called. */
export function distinguishBy(read: () => unknown): void {
  readers.push(read)
}

/** The values that recordings are distinguished by, as they are now. */
export function modes(): string {
  return readers.map(read => read()).join()
}

const touched = new WeakMap<Recording, Set<Tensor>>()
const read = new WeakMap<Recording, Set<Tensor>>()

/** Notes that an operation reads x: where it lies and whether it wants its gradient decide what is recorded. */
export function notesRead(x: Tensor): void {
  const recording = recordingNow()
  if (!recording || !isForeign(x, recording) || !first(read, recording, x)) return
  holdsWhile(() => x.requiresGrad)
  if (x.requiresGrad) holdsWhile(() => x.storage.alive && x.storage.lease) // an optimizer may move it
}

/** Notes that x.grad is set from here on, whatever it was before. */
export function notesCleared(x: Tensor): void {
  leaf(x)
}

/** Notes that x.grad is added to: the recording holds for those who come with a gradient, or for those without. */
export function notesReached(x: Tensor): void {
  if (leaf(x)) holdsWhile(() => x.grad === null)
}

/** Notes that x.grad is used: unless the step makes it itself, the recording holds for this gradient. */
export function notesUsed(x: Tensor): void {
  if (leaf(x)) holdsWhile(() => x.grad)
}

/** The leaves whose `grad` the recorded step sets, clears or uses. */
export function leavesOf(recording: Recording): Tensor[] {
  return [...(touched.get(recording) ?? [])]
}

function leaf(x: Tensor): boolean {
  const recording = recordingNow()
  return recording !== null && isForeign(x, recording) && first(touched, recording, x)
}

/** Whether a tensor was there before the recording: one that the step makes is made anew each time. */
function isForeign(x: Tensor, recording: Recording): boolean {
  return x.storage.alive && x.storage.lease.home !== recording.arena
}

/** Whether a recording is told of this tensor for the first time. */
function first(of: WeakMap<Recording, Set<Tensor>>, recording: Recording, x: Tensor): boolean {
  const known = of.get(recording) ?? new Set()
  of.set(recording, known)
  const isNew = !known.has(x)
  known.add(x)
  return isNew
}

/** The gradient that a recorded step leaves with a leaf. */
export class StepGradient {
  private readonly memory: Tensor | null
  private given: Tensor | null

  constructor(private readonly leaf: Tensor) {
    this.given = leaf.grad
    this.memory = leaf.grad && keep(aliasOf(leaf.grad))
  }

  /** Leaves it there after a replay, which has filled its memory anew. */
  restore(): void {
    const { leaf, given, memory } = this
    if (leaf.grad === given && (!given || given.storage.alive)) return
    if (leaf.grad?.storage.borrowed) leaf.grad.dispose()
    else if (leaf.grad) release(leaf.grad)
    this.given = memory && keep(aliasOf(memory))
    leaf.grad = this.given
  }

  /** Copies it to memory of its own, if it lies in the recording's. */
  moveOut(recording: Recording): void {
    const { leaf, given } = this
    if (!given?.storage.alive || leaf.grad !== given) return
    if (given.storage.lease.home !== recording.arena) return
    leaf.grad = keep(copy(given))
    given.dispose()
  }
}
