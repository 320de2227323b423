/**
 * Launches are data: `launch` notes what is to run, `flush` hands all that was noted to the GPU in
 * one pass and one submit.
 */

import { bindGroupCount, bindGroupFor, forgetBindGroups } from './bindings.js'
import { device, onShutdown } from './device.js'
import { isDry } from './dryrun.js'
import type { GPUComputePassTimestampWrites } from './gpu.js'
import type { EntryName, Kernel, Used } from './kernel.js'
import { inOrder } from './order.js'
import { type Params, slots, stage, uploadParams, type Value, type Values } from './params.js'
import { type Constants, type Pipeline, pipelineFor } from './pipeline.js'
import { type Lease, onRetire } from './pool.js'
import { type Recording, recordingNow } from './recording.js'

/** What a launch of entry E of kernel K says beside its buffers and params. */
export type Shared<K extends Kernel, E extends EntryName<K>> = {
  /** May be left out where it is `main`. */
  entry?: E
  constants?: { [C in Used<K, E, 'constants'>]?: number | boolean }
  /** Invocations along one axis (then grouped by WORKGROUP), or whole workgroups. */
  threads?: number
  workgroups?: number
} & (E extends 'main' ? unknown : { entry: E })

/** A launch by leases and with all params that the entry reads. */
export type Launch<K extends Kernel, E extends EntryName<K>> = Shared<K, E> & {
  params: { [P in Used<K, E, 'params'>]: Value }
  buffers: { [B in Used<K, E, 'buffers'>]: Lease }
}

/** A launch as it waits in the queue, and as a recording would keep it. */
interface Queued {
  pipeline: Pipeline
  bindGroup: GPUBindGroup
  /** Where its params begin, in bytes. */
  slot: number
  x: number
  y: number
}

const queue: Queued[] = []
const counters = { launches: 0, submits: 0 }
let stamps: () => GPUComputePassTimestampWrites | undefined = () => undefined

/** Sets where passes write the times of their beginning and end: for benchmarks. */
export function timePasses(writes: typeof stamps): void {
  stamps = writes
}

/**
 * Queues one kernel. Nothing runs before the next `flush`, read or host write; a launch of no
 * invocations is dropped, and so are all of them in a dry run.
 */
export function launch<K extends Kernel, E extends EntryName<K> = EntryName<K>>(
  kernel: K,
  { entry, params, buffers, constants, threads, workgroups }: Launch<K, E>,
): void {
  if (isDry()) return
  const pipeline = pipelineFor(kernel, entry ?? 'main', (constants ?? none) as Constants)
  const bound = pipeline.buffers.map(buffer => (buffers as Record<string, Lease>)[buffer.name])
  enqueue(
    pipeline,
    bound,
    { values: params as Values },
    workgroupsOf(pipeline, threads, workgroups),
  )
}

/** No constants, or no params. */
export const none = {}

/** How many workgroups so many invocations make, unless whole workgroups were asked for. */
export function workgroupsOf(pipeline: Pipeline, threads = 0, workgroups?: number): number {
  return workgroups ?? Math.ceil(threads / pipeline.perWorkgroup)
}

/** Queues a launch of a pipeline with buffers in the order of its bindings. */
export function enqueue(
  pipeline: Pipeline,
  bound: readonly Lease[],
  params: Params,
  workgroups: number,
): void {
  if (workgroups === 0) return
  if (queue.length === slots) flush()
  const [x, y] = fold(workgroups)
  recordingNow()?.note({ pipeline, bound, params, x, y })
  queue.push({
    pipeline,
    bindGroup: bindGroupFor(pipeline, bound),
    slot: stage(pipeline.fields, pipeline.bytes, params),
    x,
    y,
  })
  counters.launches++
  if (pipeline.isNew) flush()
}

/**
 * Hands the queue to the GPU: one upload of all params, one pass, one submit. A driver
 * that compiles a kernel when it first runs gets a new one at once, and compiles it while the next
 * one is prepared.
 */
export function flush(): void {
  if (queue.length === 0) return
  uploadParams()
  const launches = queue.splice(0)
  inOrder(() => {
    const encoder = device().createCommandEncoder()
    const pass = encoder.beginComputePass({ timestampWrites: stamps() })
    for (const { pipeline, bindGroup, slot, x, y } of launches) {
      if (!pipeline.pipeline) continue // the next read throws why
      pass.setPipeline(pipeline.pipeline)
      pass.setBindGroup(0, bindGroup, [slot])
      pass.dispatchWorkgroups(x, y)
      pipeline.isNew = false
    }
    pass.end()
    device().queue.submit([encoder.finish()])
    counters.submits++
  })
}

/** A piece of memory that is copied before a replay: a batch to where the recording expects it. */
export interface Copy {
  readonly source: Lease
  readonly offset: number
  readonly to: Lease
  readonly at: number
  readonly bytes: number
}

/** Runs a recording again: copies, then all its launches in one pass; one submit. */
export function replay(recording: Recording, copies: readonly Copy[]): void {
  flush()
  inOrder(() => {
    const encoder = device().createCommandEncoder()
    for (const { source, offset, to, at, bytes } of copies)
      encoder.copyBufferToBuffer(source.buffer, offset, to.buffer, at, bytes)
    const pass = encoder.beginComputePass({ timestampWrites: stamps() })
    recording.encode(pass)
    pass.end()
    device().queue.submit([encoder.finish()])
    counters.submits++
  })
  counters.launches += recording.launches.length
}

/** Launches, their submits, and bind groups made since the device was opened. */
export function launchCounts(): { launches: number; submits: number; bindGroups: number } {
  return { ...counters, bindGroups: bindGroupCount() }
}

/** A dispatch has at most 65,535 workgroups along an axis: a longer row continues in the next. */
function fold(groups: number): [x: number, y: number] {
  if (groups <= 65535) return [groups, 1]
  const y = Math.ceil(groups / 65535)
  return [Math.ceil(groups / y), y]
}

onRetire(() => {
  flush() // what is queued may still use the buffer
  forgetBindGroups()
})

onShutdown(() => {
  queue.length = 0
  Object.assign(counters, { launches: 0, submits: 0 })
})
