/** The GPU's memory, lent out by size. Nothing here knows what a tensor is. */
import { check } from './check.js'
import { device, onShutdown } from './device.js'
import { isDry } from './dryrun.js'

/** A buffer on loan. Its size is at least what was asked for; what lies in it is not defined. */
export interface Lease {
  readonly id: number
  readonly buffer: GPUBuffer
  readonly bytes: number
  /** What was asked for. */
  used: number
  /** Where it goes when it is given back. */
  home: Arena
  /** How many loans of this buffer have ended: another number, another content. */
  ended: number
}

/** Buffers that are lent among themselves: the common ones, or those of one recording, which no one else may touch. */
export class Arena {
  readonly shelves = new Map<number, Lease[]>() // free buffers by size
  readonly all: Lease[] = []

  /** Makes its buffers common ones: those on its shelves at once, the others when they are given back. */
  dissolve(): void {
    for (const lease of this.all) lease.home = common
    for (const shelf of this.shelves.values()) for (const lease of shelf) shelve(lease)
    this.shelves.clear()
    this.all.length = 0
  }
}

const common = new Arena()
let lender = common

// GPUBufferUsage by number: the names exist only once a GPU does.
const STORAGE_AND_COPIES = 0x80 | 0x04 | 0x08

const mark = 512 * 2 ** 20 // free bytes past which a returned buffer is destroyed instead of kept
let nextId = 1
const counts = { buffers: 0, bytes: 0, freeBytes: 0, created: 0 }
const retirements: ((lease: Lease) => void)[] = []

/** What is lent in a dry run. */
const nothing: Lease = {
  id: 0,
  get buffer(): never {
    throw new Error(
      'this tensor was made in a dry run (of summary(), say): it has a shape and no content; make it again',
    )
  },
  bytes: 0,
  used: 0,
  home: common,
  ended: 0,
}

/** Runs `f` with buffers lent from another arena, by default from the common one. */
export function lendingFrom<T>(arena: Arena | undefined, f: () => T): T {
  const before = lender
  lender = arena ?? common
  try {
    return f()
  } finally {
    lender = before
  }
}

/**
 * A buffer of at least `bytes` bytes, from the shelf when one of its size lies there.
 *
 * Work is queued in order, so a buffer given back may be lent at once: what was queued before still
 * sees the old content. Only a write from the host must not overtake the queue; `write` sees to that.
 * @throws Error when the adapter allows no buffer so large
 */
export function lend(bytes: number): Lease {
  if (isDry()) return nothing
  const size = sizeClass(bytes)
  const free = lender.shelves.get(size)?.pop()
  if (free) {
    if (lender === common) counts.freeBytes -= size
    free.used = bytes
    return free
  }
  const { limits } = device()
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  check(
    bytes <= most,
    () =>
      `memory: ${megabytes(bytes)} in one tensor; this adapter allows ${megabytes(most)} a buffer`,
  )
  const lease: Lease = {
    id: nextId++,
    buffer: device().createBuffer({
      label: `pool ${size} B`,
      size: Math.min(size, roundUp(most, 16)),
      usage: STORAGE_AND_COPIES,
    }),
    bytes: size,
    used: bytes,
    home: lender,
    ended: 0,
  }
  if (lender !== common) lender.all.push(lease)
  counts.buffers++
  counts.created++
  counts.bytes += size
  return lease
}

/** Puts a buffer back on its shelf, or destroys it when the common shelves are full. */
export function giveBack(lease: Lease): void {
  if (lease === nothing) return
  lease.ended++
  shelve(lease)
}

function shelve(lease: Lease): void {
  const { shelves } = lease.home
  if (lease.home === common) {
    if (counts.freeBytes + lease.bytes > mark) {
      destroy(lease)
      return
    }
    counts.freeBytes += lease.bytes
  }
  const shelf = shelves.get(lease.bytes)
  if (shelf) shelf.push(lease)
  else shelves.set(lease.bytes, [lease])
}

function destroy(lease: Lease): void {
  for (const retire of retirements) retire(lease)
  lease.buffer.destroy()
  counts.buffers--
  counts.bytes -= lease.bytes
}

/** Runs `forget` when a buffer is destroyed for good. */
export function onRetire(forget: (lease: Lease) => void): void {
  retirements.push(forget)
}

/** Buffers and bytes held, the part of them on the shelves, and how many buffers were ever created. */
export function poolCounts(): Readonly<typeof counts> {
  return { ...counts }
}

/** 16 bytes at least, then four sizes to each doubling: at most a fifth of a buffer is wasted. */
function sizeClass(bytes: number): number {
  if (bytes <= 64) return 64
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2)
  return roundUp(bytes, Math.max(step, 16))
}

function roundUp(n: number, step: number): number {
  return Math.ceil(n / step) * step
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MB`
}

onShutdown(() => {
  common.shelves.clear()
  Object.assign(counts, { buffers: 0, bytes: 0, freeBytes: 0, created: 0 })
})
