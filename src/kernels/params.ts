/**
 * The numbers that launches carry. A uniform buffer written twice before a submit would show its
 * last content to both launches; so every launch gets a slot of its own, and one upload serves all.
 */

import { check } from './check.js'
import { device, onShutdown } from './device.js'
import type { GPUBuffer } from './gpu.js'
import { writeInOrder } from './order.js'

export type Value = number | readonly number[]
export type Values = Readonly<Record<string, Value>>

/** A param that an entry reads: its name, and where it lies in the kernel's struct, in bytes. */
export interface Field {
  readonly name: string
  readonly at: number
  readonly type: 'u' | 'i' | 'f'
  /** The index of the buffer whose first element it is, if called `<buffer>_offset`; else −1. */
  readonly offsetOf: number
}

/** The values of a launch, and per buffer its first element, unless that is among the values. */
export interface Params {
  readonly values: Values
  readonly offsets?: readonly number[]
}

/** Bytes that the largest Params may take: what a bind group makes visible from a slot on. */
export const slotBytes = 256

/** Launches that fit between two uploads. */
export const slots = 512

let buffer: GPUBuffer | null = null
const staged = new DataView(new ArrayBuffer(slots * slotBytes))
let used = 0

/** The buffer that holds all slots. */
export function paramsBuffer(): GPUBuffer {
  const UNIFORM_AND_COPY_DST = 0x40 | 0x08
  buffer ??= device().createBuffer({
    label: 'params',
    size: slots * slotBytes,
    usage: UNIFORM_AND_COPY_DST,
  })
  return buffer
}

/** Writes a launch's params into the next slot and says where that begins. */
export function stage(fields: readonly Field[], bytes: number, params: Params): number {
  check(
    bytes <= slotBytes,
    () => `internal: a kernel's Params takes ${bytes} bytes; slots hold ${slotBytes}`,
  )
  const slot = used
  putParams(staged, slot, fields, params)
  const alignment = device().limits.minUniformBufferOffsetAlignment
  used += Math.ceil(bytes / alignment) * alignment
  return slot
}

/** Writes a launch's params where they belong in its struct, which begins at `slot`. */
export function putParams(
  into: DataView,
  slot: number,
  fields: readonly Field[],
  { values, offsets }: Params,
): void {
  for (const { name, at, type, offsetOf } of fields) {
    const value = offsets && offsetOf >= 0 ? offsets[offsetOf] : values[name]
    if (typeof value === 'number') put(into, slot + at, type, value)
    else for (let i = 0; i < value.length; i++) put(into, slot + at + 4 * i, type, value[i])
  }
}

/** Uploads what was staged and begins anew. */
export function uploadParams(): void {
  writeInOrder(paramsBuffer(), 0, new Uint8Array(staged.buffer, 0, used))
  used = 0
}

function put(into: DataView, at: number, type: Field['type'], value: number): void {
  if (type === 'f') into.setFloat32(at, value, true)
  else into.setUint32(at, value, true)
}

onShutdown(() => {
  buffer = null
  used = 0
})
