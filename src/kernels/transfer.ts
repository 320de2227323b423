/** Bytes to and from the host, in order with the launches. */
import { awaited } from './adapter.js'
import { device, fail, failureOf, onShutdown, throwFailure } from './device.js'
import { isDry, refuseToRead } from './dryrun.js'
import { flush, launch } from './launch.js'
import { caughtUp, inOrder, writeInOrder } from './order.js'
import { inUse, type Lease, lend } from './pool.js'
import { relieve } from './pressure.js'
import {
  type Recording,
  recordingNow,
  refuseToReadWhileRecording,
  unrecorded,
} from './recording.js'
import { copyKernel } from './wgsl.js'

/** Copies bytes of the host to a buffer, a multiple of 4, after all that is queued. */
export function write(to: Lease, data: ArrayBufferView<ArrayBuffer>, offset = 0): void {
  if (isDry()) return
  const recording = recordingNow()
  if (recording) {
    writeConstant(recording, to, data, offset)
    return
  }
  flush()
  writeInOrder(to.buffer, offset, data)
}

/** Uploads them once, for the recording, and launches the copy that every replay repeats. */
function writeConstant(
  recording: Recording,
  to: Lease,
  data: ArrayBufferView<ArrayBuffer>,
  offset: number,
): void {
  const { byteOffset: start, byteLength: bytes } = data
  const n = bytes / 4
  const constant = unrecorded(() => {
    const lease = lend(bytes)
    write(lease, data)
    return lease
  })
  recording.constants.push({ lease: constant, bytes: data.buffer.slice(start, start + bytes) })
  launch(copyKernel, {
    entry: 'gather',
    constants: { RANK: 1 },
    params: { n, x_offset: 0, y_offset: offset / 4, shape: [n], strides: [1] },
    buffers: { x: constant, y: to },
    threads: n,
  })
}

let beforeRead: (() => Promise<void>) | null = null

/** Has every read wait for `check`, and throw what it throws; null: none. */
export function checkBeforeReads(check: (() => Promise<void>) | null): void {
  beforeRead = check
}

/**
 * Copies bytes from a buffer to the host, after all that is queued.
 * @throws Error what the GPU reported since the last read, or what a comparison has found
 */
export async function read(from: Lease, offset: number, bytes: number): Promise<ArrayBuffer> {
  if (isDry()) return refuseToRead()
  const recording = recordingNow()
  if (recording) return refuseToReadWhileRecording(recording)
  const [copy] = await Promise.all([
    readUnchecked(from, offset, bytes),
    comparisonsSoFar(),
    beforeRead?.(),
  ])
  throwFailure()
  await relieve(inUse)
  return copy
}

/** The same without waiting for comparisons: they read what they compare. */
export async function readUnchecked(
  from: Lease,
  offset: number,
  bytes: number,
): Promise<ArrayBuffer> {
  flush()
  throwFailure()
  const size = Math.max(4, Math.ceil(bytes / 4) * 4)
  const buffer = mappable.get(size)?.pop() ?? newMappable(size)
  copyInOrder(from, offset, buffer, size)
  await caughtUp()
  await succeeded(() => buffer.mapAsync(MAP_READ))
  const copy = buffer.getMappedRange().slice(0, bytes)
  buffer.unmap()
  keepMappable(size, buffer)
  return copy
}

interface Comparison {
  readonly outcome: Promise<void>
  /** Whether a read waits for it, and throws what it throws. */
  awaited: boolean
}

const comparisons = new Set<Comparison>()

/** Reads wait for this from now on: a number that may be wrong is not handed out before. */
export function compareBeforeReads(outcome: Promise<void>): void {
  const comparison = { outcome, awaited: false }
  comparisons.add(comparison)
  const end = (error?: Error) => {
    comparisons.delete(comparison)
    if (error && !comparison.awaited) fail(error)
  }
  outcome.then(() => end(), end)
}

async function comparisonsSoFar(): Promise<void> {
  for (const comparison of comparisons) comparison.awaited = true
  await Promise.all([...comparisons].map(({ outcome }) => outcome))
}

/** Copies all of a buffer into another of its size, after all that is queued. */
export function copyBytes(from: Lease, to: Lease): void {
  flush()
  copyInOrder(from, 0, to.buffer, from.bytes)
}

function copyInOrder(from: Lease, offset: number, to: GPUBuffer, bytes: number): void {
  inOrder(() => {
    const encoder = device().createCommandEncoder()
    encoder.copyBufferToBuffer(from.buffer, offset, to, 0, bytes)
    device().queue.submit([encoder.finish()])
  })
}

/** Waits until the GPU has done all that is queued. @throws Error what the GPU reported */
export async function sync(): Promise<void> {
  flush()
  await caughtUp()
  await succeeded(() => device().queue.onSubmittedWorkDone())
  throwFailure()
}

async function succeeded(promise: () => Promise<undefined>): Promise<void> {
  try {
    await awaited(promise)
  } catch (error) {
    throw await failureOf(error)
  }
}

// Buffers that the host can map, a few per size.
const mappable = new Map<number, GPUBuffer[]>()
const MAP_READ = 1 // GPUMapMode.READ

function newMappable(size: number): GPUBuffer {
  const MAP_READ_AND_COPY_DST = 0x01 | 0x08
  return device().createBuffer({ label: `mappable ${size} B`, size, usage: MAP_READ_AND_COPY_DST })
}

function keepMappable(size: number, buffer: GPUBuffer): void {
  const kept = mappable.get(size) ?? []
  mappable.set(size, kept)
  if (kept.length < 4) kept.push(buffer)
  else buffer.destroy()
}

onShutdown(() => mappable.clear())
