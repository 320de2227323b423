/**
 * Recordings: the launches of one run of a function, to be run again on the same buffers. What a
 * replay cannot repeat is refused while recording. `eachTime` declares what it must repeat on the
 * host (a new learning rate, a count of random draws), `holdsWhile` what it needs to be valid.
 */

import { Arena, type Lease } from './arena.js'
import { onShutdown } from './device.js'
import { Encoding, type RecordedLaunch } from './encoding.js'
import type { GPUComputePassEncoder } from './gpu.js'
import { inOrder } from './order.js'
import { dissolve, giveBack, lendingFrom } from './pool.js'

let current: Recording | null = null
let sessions = 0

export class Recording {
  /** Lends all memory while recording. It stays with the recording: every replay writes to it. */
  readonly arena = new Arena()
  readonly launches: RecordedLaunch[] = []
  /** Numbers of the host that the launches read, in memory that stays as it is. */
  readonly constants: { readonly lease: Lease; readonly bytes: ArrayBuffer }[] = []
  /** The reason why this cannot be recorded, if it was not thrown where it was found. */
  refusal: Error | null = null
  private readonly effects: (() => void)[] = []
  private readonly conditions: (() => boolean)[] = []
  private readonly session = sessions
  private readonly foreign = new Map<Lease, number>()
  private encoding: Encoding | null = null

  /** Runs `f` as always and notes its launches. @throws Error what `f` throws; nothing is kept */
  static of<T>(f: () => T): { recording: Recording; result: T } {
    const recording = new Recording()
    const before = current
    current = recording
    try {
      const result = lendingFrom(recording.arena, f)
      if (recording.refusal) throw recording.refusal
      return { recording, result }
    } catch (error) {
      recording.dispose()
      throw recording.refusal ?? error
    } finally {
      current = before
    }
  }

  note(launch: RecordedLaunch): void {
    this.launches.push(launch)
    for (const lease of launch.bound)
      if (lease.arena !== this.arena) this.foreign.set(lease, lease.ended)
  }

  /** Adds something that every replay repeats on the host. */
  repeat(effect: () => void): void {
    this.effects.push(effect)
  }

  /** Adds a condition for the recording to be valid. */
  require(condition: () => boolean): void {
    this.conditions.push(condition)
  }

  /** Whether a replay would still do what the program would. */
  isValid(): boolean {
    if (this.session !== sessions) return false
    for (const [lease, ended] of this.foreign) if (lease.ended !== ended) return false
    return this.conditions.every(condition => condition())
  }

  /** Does on the host what every replay repeats, in the order of the program. */
  repeatEffects(): void {
    for (const effect of this.effects) effect()
  }

  /** Buffers from outside that the launches write to: what a replay changes besides its results. */
  written(): Lease[] {
    const leases = this.launches.flatMap(({ pipeline, bound }) =>
      bound.filter((_, i) => pipeline.buffers[i].write),
    )
    return [...new Set(leases)].filter(lease => lease.arena !== this.arena)
  }

  /** Encodes all launches into a pass. The first call makes bind groups and uploads params. */
  encode(pass: GPUComputePassEncoder): void {
    this.encoding ??= new Encoding(this.launches)
    this.encoding.encode(pass)
  }

  /** Whether it read the same numbers of the host as another recording. */
  hasConstantsOf(other: Recording): boolean {
    const [own, others] = [this, other].map(({ constants }) => constants.map(({ bytes }) => bytes))
    return own.length === others.length && own.every((bytes, i) => areEqual(bytes, others[i]))
  }

  /** Gives the memory back. */
  dispose(): void {
    if (this.session !== sessions) return
    dissolve(this.arena)
    for (const { lease } of this.constants) giveBack(lease)
    inOrder(() => this.encoding?.destroy()) // a replay may still wait
  }
}

function areEqual(a: ArrayBuffer, b: ArrayBuffer): boolean {
  const [x, y] = [new Uint32Array(a), new Uint32Array(b)]
  return x.length === y.length && x.every((word, i) => word === y[i])
}

/** Whether launches are being recorded. */
export function isBeingRecorded(): boolean {
  return current !== null
}

/** The recording that is being made, if there is one. */
export function recordingNow(): Recording | null {
  return current
}

/** Runs `f` outside of the recording that is being made: with common memory, and not noted. */
export function unrecorded<T>(f: () => T): T {
  if (!current) return f()
  const recording = current
  current = null
  try {
    return lendingFrom(undefined, f)
  } finally {
    current = recording
  }
}

/** Does something on the host now, outside of the recording, and again before every replay. */
export function eachTime(effect: () => void): void {
  current?.repeat(effect)
  unrecorded(effect)
}

/** Makes the recording invalid once `read()` returns another value. Returns the value of now. */
export function holdsWhile<T>(read: () => T): T {
  const value = read()
  current?.require(() => Object.is(read(), value))
  return value
}

/** Makes the recording valid only while the condition is met, whether it is now or not. */
export function holdsOnlyIf(condition: () => boolean): void {
  current?.require(condition)
}

/** @throws Error while recording, about something that a replay could not repeat */
export function refuseToRecord(what: () => string): void {
  if (current) throw new Error(`compile: ${what()}`)
}

/** Refuses to read while recording: the recording throws at its end, and the data never arrives. */
export function refuseToReadWhileRecording(recording: Recording): Promise<never> {
  recording.refusal ??= new Error(
    'compile: a tensor was read (data, array, item or text) inside the step, which a replay ' +
      'could not repeat; return it, and read it outside',
  )
  return new Promise(() => {})
}

onShutdown(() => {
  sessions++
  current = null
})
