/**
 * Recordings: the launches of a stretch of program, noted while they run for the first time, and run again
 * on the same buffers. What a replay cannot repeat is refused while recording; what it must repeat on the
 * host (sending a changed learning rate, counting draws) is named by `eachTime`; and what must still be
 * as it was for the recording to hold is named by `holdsWhile`.
 */
import { bindGroup } from './bindings.js'
import { device, onShutdown } from './device.js'
import { type Fields, putParams, slotBytes, type Value } from './params.js'
import type { Pipeline } from './pipeline.js'
import { Arena, type Lease, lendingFrom } from './pool.js'

/** A launch as a recording keeps it. */
interface Recorded {
  readonly pipeline: Pipeline
  readonly bound: readonly Lease[]
  readonly fields: Fields
  readonly values: Record<string, Value>
  readonly x: number
  readonly y: number
}

/** Encodes what was recorded into a pass. */
export type Encode = (pass: GPUComputePassEncoder) => void

let current: Recording | null = null
let sessions = 0

/** What was noted of a stretch of program. */
export class Recording {
  /** Memory that is lent while recording stays with the recording: replays write to it whenever they run. */
  readonly arena = new Arena()
  readonly launches: Recorded[] = []
  /** What cannot be recorded and was not thrown where it happened. */
  refusal: Error | null = null
  private readonly effects: (() => void)[] = []
  private readonly conditions: (() => boolean)[] = []
  private readonly session = sessions
  private readonly foreign = new Map<Lease, number>()
  private encoded: Encode | null = null

  /** Runs `f` as always, and notes its launches. @throws Error what `f` throws; nothing is kept then */
  static of<T>(f: () => T): { recording: Recording; result: T } {
    const recording = new Recording()
    const before = current
    current = recording
    try {
      const result = lendingFrom(recording.arena, f)
      if (recording.refusal) throw recording.refusal
      return { recording, result }
    } catch (error) {
      recording.release()
      throw recording.refusal ?? error
    } finally {
      current = before
    }
  }

  note(launch: Recorded): void {
    this.launches.push(launch)
    for (const lease of launch.bound)
      if (lease.home !== this.arena) this.foreign.set(lease, lease.ended)
  }

  also(effect: () => void): void {
    this.effects.push(effect)
  }

  only(condition: () => boolean): void {
    this.conditions.push(condition)
  }

  /** Whether a replay would still do what the program would. */
  get holds(): boolean {
    if (this.session !== sessions) return false
    for (const [lease, ended] of this.foreign) if (lease.ended !== ended) return false
    return this.conditions.every(condition => condition())
  }

  /** Does on the host what comes with each replay, in the order of the program. */
  repeatEffects(): void {
    for (const effect of this.effects) effect()
  }

  /** Buffers of others that the launches write to: what a replay changes beside its results. */
  get changes(): Lease[] {
    const written = this.launches.flatMap(({ pipeline, bound }) =>
      bound.filter((_, i) => pipeline.buffers[i].write),
    )
    return [...new Set(written)].filter(lease => lease.home !== this.arena)
  }

  /** The launches with bind groups and params of their own, made once. */
  get encode(): Encode {
    this.encoded ??= encoding(this.launches)
    return this.encoded
  }

  /** Lets go of the memory. */
  release(): void {
    if (this.session === sessions) this.arena.dissolve()
  }
}

/** Whether launches are being recorded. */
export function isBeingRecorded(): boolean {
  return current !== null
}

/** The recording that is being made, if one is. */
export function recordingNow(): Recording | null {
  return current
}

/** Runs `f` apart from a recording that is being made: with common memory, and noted nowhere. */
export function aside<T>(f: () => T): T {
  if (!current) return f()
  const recording = current
  current = null
  try {
    return lendingFrom(undefined, f)
  } finally {
    current = recording
  }
}

/** Does something on the host now, apart from the recording, and again before each replay. */
export function eachTime(effect: () => void): void {
  current?.also(effect)
  aside(effect)
}

/** The recording that is being made, if one is, holds as long as `read()` gives what it gives now. */
export function holdsWhile<T>(read: () => T): T {
  const value = read()
  current?.only(() => Object.is(read(), value))
  return value
}

/** @throws Error while recording: this is something that a replay could not repeat */
export function refuseToRecord(what: () => string): void {
  if (current) throw new Error(`compile: ${what()}`)
}

/** Refuses to read while recording: the recording throws when it ends, and what was to be read never comes. */
export function refuseToReadWhileRecording(recording: Recording): Promise<never> {
  recording.refusal ??= new Error(
    'compile: a tensor was read (data, array, item or text) inside the step, which a replay could not repeat; return it, and read it outside',
  )
  return new Promise(() => {})
}

function encoding(launches: readonly Recorded[]): Encode {
  const params = device().createBuffer({
    label: 'params of a recording',
    size: Math.max(1, launches.length) * slotBytes,
    usage: 0x40 | 0x08, // UNIFORM | COPY_DST
  })
  const bytes = new DataView(new ArrayBuffer(params.size))
  for (const [i, { fields, values }] of launches.entries())
    putParams(bytes, i * slotBytes, fields, values)
  device().queue.writeBuffer(params, 0, bytes.buffer)
  const calls = launches.map(({ pipeline, bound, x, y }, i) => ({
    pipeline: pipeline.pipeline,
    group: bindGroup(pipeline, bound, params),
    offset: [i * slotBytes],
    x,
    y,
  }))
  return pass => {
    let last: GPUComputePipeline | null = null
    for (const { pipeline, group, offset, x, y } of calls) {
      if (pipeline !== last) pass.setPipeline(pipeline)
      last = pipeline
      pass.setBindGroup(0, group, offset)
      pass.dispatchWorkgroups(x, y)
    }
  }
}

onShutdown(() => {
  sessions++
  current = null
})
