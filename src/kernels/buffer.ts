/** New buffers, and the errors that stand in for what a driver would do without room for them. */

import { check } from './check.js'
import { adapterFound, device, fail } from './device.js'
import type { GPUBuffer } from './gpu.js'
import { collectNow } from './pressure.js'

// GPUBufferUsage by number: the names exist only once there is a GPU.
const STORAGE_AND_COPIES = 0x80 | 0x04 | 0x08

let culprits = () => ''

/** Sets what names the lines of the program that made most tensors, for messages. */
export function nameCulprits(names: () => string): void {
  culprits = names
}

/**
 * A buffer of `size` bytes, for a tensor of `bytes`. There are `existing` others.
 * @throws Error when the adapter allows none so large, or the driver would end the process
 */
export function createBuffer(size: number, bytes: number, existing: number): GPUBuffer {
  const { limits } = device()
  const { mostBuffers, freeBytes } = adapterFound()
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  check(
    bytes <= most,
    () =>
      `memory: ${megabytes(bytes)} in one tensor; ` +
      `this adapter allows ${megabytes(most)} per buffer`,
  )
  if (mostBuffers && existing >= mostBuffers(existing)) {
    collectNow() // for a program that goes on after the error
    throw new Error(
      `memory: ${existing} buffers exist, and this driver allows no more${culprits()}; ` +
        'put the body of the loop in scope(() => …)',
    )
  }
  const create = () =>
    device().createBuffer({
      label: `pool ${size} B`,
      size: Math.min(size, 16 * Math.ceil(most / 16)),
      usage: STORAGE_AND_COPIES,
    })
  if (size < 2 ** 20) return create()
  const free = freeBytes?.() ?? Infinity
  check(
    size <= free,
    () => `memory: no room for a tensor of ${megabytes(bytes)}; ${megabytes(free)} are free`,
  )
  device().pushErrorScope('out-of-memory')
  const buffer = create()
  device()
    .popErrorScope()
    .then(error => {
      if (error) fail(new Error(`memory: no room for a tensor of ${megabytes(bytes)}${culprits()}`))
    }, fail)
  return buffer
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MB`
}
