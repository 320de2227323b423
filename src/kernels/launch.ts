/**
 * Launches are data: `launch` notes what is to run, `flush` hands all that was noted to the GPU in
 * one pass and one submit. Reading and writing buffers from the host is here too, since both must
 * keep their place in that order.
 */
import { check } from './check.js'
import { device, onShutdown, surface } from './device.js'
import { type KernelName, type Pipeline, pipelineFor } from './pipeline.js'
import { type Lease, onRetire } from './pool.js'
import { kernels } from './wgsl.js'

type Kernels = typeof kernels
type Entries<K extends KernelName> = Kernels[K]['entries']
type Value = number | readonly number[]

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
  paramsAt: number
  x: number
  y: number
}

const queue: Queued[] = []
const counters = { launches: 0, submits: 0, bindGroups: 0 }
const mostQueued = 512

/**
 * Queues one kernel. Nothing runs before the next `flush`, read or host write; a launch of no
 * invocations is dropped.
 */
export function launch<K extends KernelName, E extends keyof Entries<K> & string>(
  name: K,
  { entry, params, buffers, constants, threads, workgroups }: Launch<K, E>,
): void {
  const kernel = kernels[name]
  const perGroup = Number(constants?.['WORKGROUP' as never] ?? kernel.constants.WORKGROUP)
  const groups = workgroups ?? Math.ceil(threads! / perGroup)
  if (groups === 0) return
  if (queue.length === mostQueued) flush()
  const pipeline = pipelineFor(name, entry, (constants ?? {}) as Record<string, number | boolean>)
  const bound = pipeline.buffers.map(([buffer]) => (buffers as Record<string, Lease>)[buffer])
  const paramsAt = stage(kernel.params, kernel.bytes, params as Record<string, Value>)
  const [x, y] = fold(groups)
  queue.push({ pipeline, bindGroup: bindGroupFor(pipeline, bound), paramsAt, x, y })
  counters.launches++
}

/** Hands the queue to the GPU: one upload of all params, one pass, one submit. */
export function flush(): void {
  if (queue.length === 0) return
  const gpu = device()
  gpu.queue.writeBuffer(arena().buffer, 0, staged.bytes, 0, staged.used)
  const encoder = gpu.createCommandEncoder()
  const pass = encoder.beginComputePass()
  for (const { pipeline, bindGroup, paramsAt, x, y } of queue) {
    pass.setPipeline(pipeline.pipeline)
    pass.setBindGroup(0, bindGroup, [paramsAt])
    pass.dispatchWorkgroups(x, y)
  }
  pass.end()
  gpu.queue.submit([encoder.finish()])
  counters.submits++
  queue.length = 0
  staged.used = 0
}

/** Copies bytes from the host into a buffer, after all that is queued. The length is a multiple of 4. */
export function write(to: Lease, data: ArrayBufferView<ArrayBuffer>, offset = 0): void {
  flush()
  device().queue.writeBuffer(to.buffer, offset, data.buffer, data.byteOffset, data.byteLength)
}

/**
 * Copies bytes from a buffer to the host, after all that is queued.
 * @throws Error what the GPU reported since the last read, if anything
 */
export async function read(from: Lease, offset: number, bytes: number): Promise<ArrayBuffer> {
  flush()
  surface()
  const size = Math.max(4, Math.ceil(bytes / 4) * 4)
  const landing = landings.get(size)?.pop() ?? newLanding(size)
  const encoder = device().createCommandEncoder()
  encoder.copyBufferToBuffer(from.buffer, offset, landing, 0, size)
  device().queue.submit([encoder.finish()])
  counters.submits++
  await landing.mapAsync(MAP_READ)
  const copy = landing.getMappedRange().slice(0, bytes)
  landing.unmap()
  keepLanding(size, landing)
  surface()
  return copy
}

/** Waits until the GPU has done all that is queued. @throws Error what the GPU reported */
export async function sync(): Promise<void> {
  flush()
  await device().queue.onSubmittedWorkDone()
  surface()
}

/** Launches, submits and bind groups since the device was opened. */
export function launchCounts(): Readonly<typeof counters> {
  return { ...counters }
}

// --- params: every launch gets a slot, and one upload serves a whole flush ---

const staged = { bytes: new ArrayBuffer(0), words: new DataView(new ArrayBuffer(0)), used: 0 }
let arenaLease: { buffer: GPUBuffer } | null = null

function arena(): { buffer: GPUBuffer } {
  arenaLease ??= {
    buffer: device().createBuffer({
      label: 'params',
      size: mostQueued * slotBytes(),
      usage: UNIFORM_COPY_DST,
    }),
  }
  return arenaLease
}

const UNIFORM_COPY_DST = 0x40 | 0x08
const largestParams = 256

function slotBytes(): number {
  return Math.max(device().limits.minUniformBufferOffsetAlignment, largestParams)
}

/** Writes a launch's params into the next slot and says where that is. */
function stage(
  fields: Record<string, { at: number; type: 'u32' | 'i32' | 'f32' }>,
  bytes: number,
  values: Record<string, Value>,
): number {
  check(
    bytes <= largestParams,
    () => `internal: a kernel's Params takes ${bytes} bytes; slots hold ${largestParams}`,
  )
  if (staged.bytes.byteLength === 0) {
    staged.bytes = new ArrayBuffer(mostQueued * slotBytes())
    staged.words = new DataView(staged.bytes)
  }
  const slot = staged.used
  for (const name in fields) {
    const { at, type } = fields[name]
    const value = values[name]
    if (typeof value === 'number') put(slot + at, type, value)
    else for (let i = 0; i < value.length; i++) put(slot + at + 4 * i, type, value[i])
  }
  const alignment = device().limits.minUniformBufferOffsetAlignment
  staged.used += Math.ceil(bytes / alignment) * alignment
  return slot
}

function put(at: number, type: 'u32' | 'i32' | 'f32', value: number): void {
  if (type === 'f32') staged.words.setFloat32(at, value, true)
  else staged.words.setUint32(at, value, true)
}

/** A dispatch has at most 65,535 workgroups along an axis: a longer row continues in the next. */
function fold(groups: number): [x: number, y: number] {
  if (groups <= 65535) return [groups, 1]
  const y = Math.ceil(groups / 65535)
  return [Math.ceil(groups / y), y]
}

// --- bind groups: steps repeat, and so do the buffers they bind ---

const bindGroups = new Map<string, GPUBindGroup>()
const mostBindGroups = 4096

function bindGroupFor(pipeline: Pipeline, bound: readonly Lease[]): GPUBindGroup {
  let key = `${pipeline.id}`
  for (const lease of bound) key += `,${lease.id}`
  const known = bindGroups.get(key)
  if (known) return known
  if (bindGroups.size >= mostBindGroups) bindGroups.clear()
  const made = device().createBindGroup({
    label: pipeline.label,
    layout: pipeline.layout,
    entries: [
      { binding: 0, resource: { buffer: arena().buffer, size: largestParams } },
      ...pipeline.buffers.map(([, binding], i) => ({
        binding,
        resource: { buffer: bound[i].buffer },
      })),
    ],
  })
  bindGroups.set(key, made)
  counters.bindGroups++
  return made
}

// --- landings: buffers that the host may map, kept by size ---

const landings = new Map<number, GPUBuffer[]>()
const MAP_READ = 1 // GPUMapMode.READ

function newLanding(size: number): GPUBuffer {
  return device().createBuffer({ label: `landing ${size} B`, size, usage: 0x01 | 0x08 })
}

function keepLanding(size: number, landing: GPUBuffer): void {
  const kept = landings.get(size)
  if (!kept) landings.set(size, [landing])
  else if (kept.length < 4) kept.push(landing)
  else landing.destroy()
}

onRetire(() => {
  flush() // what is queued may still use the buffer
  bindGroups.clear()
})
onShutdown(() => {
  queue.length = 0
  staged.used = 0
  staged.bytes = new ArrayBuffer(0)
  arenaLease = null
  bindGroups.clear()
  landings.clear()
  Object.assign(counters, { launches: 0, submits: 0, bindGroups: 0 })
})
