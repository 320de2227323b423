/**
 * Launches are data: `launch` notes what is to run, `flush` hands all that was noted to the GPU in
 * one pass and one submit.
 */
import { bindGroupCount, bindGroupFor, forgetBindGroups } from './bindings.js'
import { device, onShutdown } from './device.js'
import { isDry } from './dryrun.js'
import { slots, stage, uploadParams, type Value } from './params.js'
import { type Constants, type KernelName, type Pipeline, pipelineFor } from './pipeline.js'
import { type Lease, onRetire } from './pool.js'
import { type Recording, recordingNow } from './recording.js'
import { kernels } from './wgsl.js'

type Kernels = typeof kernels
type Entries<K extends KernelName> = Kernels[K]['entries']

/** What a launch of entry E of kernel K must say; every name is checked against the WGSL source. */
export interface Launch<K extends KernelName, E extends keyof Entries<K>> {
  entry: E
  params: { [P in keyof Kernels[K]['params']]: Value }
  buffers: { [B in keyof Entries<K>[E]]: Lease }
  constants?: { [C in keyof Kernels[K]['constants']]?: number | boolean }
  /** Invocations along one axis (then grouped by WORKGROUP), or whole workgroups. */
  threads?: number
  workgroups?: number
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

/** Asks `writes` at every pass where its beginning and its end are to be noted: how a benchmark reads the GPU's clock. */
export function timePasses(writes: typeof stamps): void {
  stamps = writes
}

/**
 * Queues one kernel. Nothing runs before the next `flush`, read or host write; a launch of no
 * invocations is dropped, and so are all of them in a dry run.
 */
export function launch<K extends KernelName, E extends keyof Entries<K> & string>(
  name: K,
  { entry, params, buffers, constants = {}, threads = 0, workgroups }: Launch<K, E>,
): void {
  if (isDry()) return
  const kernel = kernels[name]
  const chosen = constants as Constants
  const perGroup = Number(chosen.WORKGROUP ?? kernel.constants.WORKGROUP)
  const groups = workgroups ?? Math.ceil(threads / perGroup)
  if (groups === 0) return
  if (queue.length === slots) flush()
  const pipeline = pipelineFor(name, entry, chosen)
  const bound = pipeline.buffers.map(({ name }) => (buffers as Record<string, Lease>)[name])
  const [x, y] = fold(groups)
  const values = params as Record<string, Value>
  recordingNow()?.note({ pipeline, bound, fields: kernel.params, values, x, y })
  queue.push({
    pipeline,
    bindGroup: bindGroupFor(pipeline, bound),
    slot: stage(kernel.params, kernel.bytes, values),
    x,
    y,
  })
  counters.launches++
  if (pipeline.isNew) flush()
}

/**
 * Hands the queue to the GPU: one upload of all params, one pass, one submit. A launch of a kernel that is new does not
 * wait for others: drivers compile it when it first runs, and may do so while the next one is made here.
 */
export function flush(): void {
  if (queue.length === 0) return
  uploadParams()
  const encoder = device().createCommandEncoder()
  const pass = encoder.beginComputePass({ timestampWrites: stamps() })
  for (const { pipeline, bindGroup, slot, x, y } of queue) {
    pass.setPipeline(pipeline.pipeline)
    pass.setBindGroup(0, bindGroup, [slot])
    pass.dispatchWorkgroups(x, y)
    pipeline.isNew = false
  }
  pass.end()
  device().queue.submit([encoder.finish()])
  counters.submits++
  queue.length = 0
}

/** A piece of memory that is copied before a replay: a batch to where the recording expects it. */
export interface Copy {
  readonly source: Lease
  readonly offset: number
  readonly to: Lease
  readonly bytes: number
}

/** Runs a recording again: copies, then all its launches in one pass; one submit. */
export function replay(recording: Recording, copies: readonly Copy[]): void {
  flush()
  const encoder = device().createCommandEncoder()
  for (const { source, offset, to, bytes } of copies)
    encoder.copyBufferToBuffer(source.buffer, offset, to.buffer, 0, bytes)
  const pass = encoder.beginComputePass({ timestampWrites: stamps() })
  recording.encode(pass)
  pass.end()
  device().queue.submit([encoder.finish()])
  counters.launches += recording.launches.length
  counters.submits++
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
