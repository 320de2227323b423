/**
 * What a recording depends on beyond its launches: where the tensors that it reads lie, and which
 * gradients its leaves have. All of this does nothing while no step is being recorded.
 */
import { holdsOnlyIf, holdsWhile, type Recording, recordingNow } from '../kernels/recording.js'
import type { Tensor } from '../tensor/tensor.js'

const settings: (() => unknown)[] = []

/** Makes steps record separately for every value that `read()` has when they are called. */
export function recordPer(read: () => unknown): void {
  settings.push(read)
}

/** The values of all that steps are recorded separately for, as they are now. */
export function recordingKey(): string {
  return settings.map(read => read()).join()
}

const always: (() => unknown)[] = []

/** Makes every recording invalid once `read()` returns another value than at the step's start. */
export function watchAlways(read: () => unknown): void {
  always.push(read)
}

/** Called where the recording of a step starts. */
export function watchStart(): void {
  for (const read of always) holdsWhile(read)
}

/** The tensors from outside that a recording has met. */
class Watched {
  readonly inputs = new Set<Tensor>()
  readonly leaves = new Set<Tensor>()
}

const watched = new WeakMap<Recording, Watched>()

/**
 * An operation reads x. The recording is valid only while x still requires a gradient, or still
 * does not, and while it lies in the same memory: an optimizer may move it. What has ended since
 * was perhaps a gradient, which the step itself ends to make the next one.
 */
export function watchRead(x: Tensor): void {
  if (!isNew('inputs', x)) return
  const { requiresGrad, storage } = x
  const { lease } = storage
  holdsOnlyIf(() => x.requiresGrad === requiresGrad)
  holdsOnlyIf(() => (storage.alive ? storage.lease === lease : !requiresGrad))
}

/** The step sets x.grad, whatever it was before: any gradient that comes in will do. */
export function watchGradCleared(x: Tensor): void {
  isNew('leaves', x)
}

/** The step adds to x.grad. The recording is valid only while x.grad lies there, or is null. */
export function watchGradAdded(x: Tensor): void {
  if (isNew('leaves', x)) holdsWhile(() => x.grad?.storage.alive && x.grad.storage.lease)
}

/** The step uses x.grad. Unless the step made it, the recording is valid for this one alone. */
export function watchGradUsed(x: Tensor): void {
  if (isNew('leaves', x)) holdsWhile(() => x.grad)
}

/** The leaves whose `grad` the recorded step sets, clears, adds to or uses. */
export function leavesOf(recording: Recording): readonly Tensor[] {
  return [...(watched.get(recording)?.leaves ?? [])]
}

/**
 * Whether the recording meets x for the first time in this role. A tensor that the step itself
 * makes is never new: every run makes it again.
 */
function isNew(role: keyof Watched, x: Tensor): boolean {
  const recording = recordingNow()
  if (!recording || !x.storage.alive || x.storage.lease.arena === recording.arena) return false
  const known = watched.get(recording) ?? new Watched()
  watched.set(recording, known)
  if (known[role].has(x)) return false
  known[role].add(x)
  return true
}
