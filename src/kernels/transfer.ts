/** Bytes to and from the host, in their place among the launches. */
import { awaited, device, onShutdown, surface } from './device.js'
import { isDry, refuseToRead } from './dryrun.js'
import { flush } from './launch.js'
import type { Lease } from './pool.js'
import { recordingNow, refuseToReadWhileRecording, refuseToRecord } from './recording.js'

/** Copies bytes from the host into a buffer, after all that is queued. Their number is a multiple of 4. */
export function write(to: Lease, data: ArrayBufferView<ArrayBuffer>, offset = 0): void {
  if (isDry()) return
  refuseToRecord(
    () =>
      'numbers from the host (tensor(), arange(), …) would be the same in every replay of this step; make them outside, or pass them as an argument',
  )
  flush()
  device().queue.writeBuffer(to.buffer, offset, data.buffer, data.byteOffset, data.byteLength)
}

/**
 * Copies bytes from a buffer to the host, after all that is queued.
 * @throws Error what the GPU reported since the last read, if anything
 */
export async function read(from: Lease, offset: number, bytes: number): Promise<ArrayBuffer> {
  if (isDry()) return refuseToRead()
  const recording = recordingNow()
  if (recording) return refuseToReadWhileRecording(recording)
  flush()
  surface()
  const size = Math.max(4, Math.ceil(bytes / 4) * 4)
  const landing = landings.get(size)?.pop() ?? newLanding(size)
  const encoder = device().createCommandEncoder()
  encoder.copyBufferToBuffer(from.buffer, offset, landing, 0, size)
  device().queue.submit([encoder.finish()])
  await awaited(() => landing.mapAsync(MAP_READ))
  const copy = landing.getMappedRange().slice(0, bytes)
  landing.unmap()
  keepLanding(size, landing)
  surface()
  return copy
}

/** Copies all of a buffer into another of its size, after all that is queued. */
export function copyBytes(from: Lease, to: Lease): void {
  flush()
  const encoder = device().createCommandEncoder()
  encoder.copyBufferToBuffer(from.buffer, 0, to.buffer, 0, from.bytes)
  device().queue.submit([encoder.finish()])
}

/** Waits until the GPU has done all that is queued. @throws Error what the GPU reported */
export async function sync(): Promise<void> {
  flush()
  await awaited(() => device().queue.onSubmittedWorkDone())
  surface()
}

// Buffers that the host may map, a few of every size.
const landings = new Map<number, GPUBuffer[]>()
const MAP_READ = 1 // GPUMapMode.READ

function newLanding(size: number): GPUBuffer {
  const MAP_READ_AND_COPY_DST = 0x01 | 0x08
  return device().createBuffer({ label: `landing ${size} B`, size, usage: MAP_READ_AND_COPY_DST })
}

function keepLanding(size: number, landing: GPUBuffer): void {
  const kept = landings.get(size) ?? []
  landings.set(size, kept)
  if (kept.length < 4) kept.push(landing)
  else landing.destroy()
}

onShutdown(() => landings.clear())
