/** The GPU's memory, lent out by size. Nothing here knows what a tensor is. */
import { Arena, type Lease } from './arena.js'
import { createBuffer } from './buffer.js'
import { onShutdown, sessionNumber } from './device.js'
import { isDry } from './dryrun.js'
import { inOrder } from './order.js'

export type { Lease } from './arena.js'

const common = new Arena()
let lender = common

const mostFree = 512 * 2 ** 20 // bytes; past them a returned buffer is destroyed instead of kept
let nextId = 1
const counts = { buffers: 0, bytes: 0, freeBytes: 0, created: 0, inUse: 0 }
const retirements: ((lease: Lease) => void)[] = []

/** What is lent in a dry run. */
const nothing: Lease = {
  id: 0,
  get buffer(): never {
    throw new Error(
      'this tensor was made in a dry run (by summary(), for example): it has a shape and no ' +
        'content; make it again',
    )
  },
  bytes: 0,
  used: 0,
  arena: common,
  ended: 0,
  session: 0,
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
 * A buffer of at least `bytes` bytes; a free one, if there is one of its size.
 *
 * Work is queued in order, so a buffer may be lent again as soon as it is given back: what was
 * queued before still sees the old content. Only a write from the host must not overtake the queue;
 * `write` makes sure of that.
 * @throws Error when the adapter allows no buffer so large
 */
export function lend(bytes: number): Lease {
  if (isDry()) return nothing
  const size = sizeClass(bytes)
  const own = lender === common ? undefined : lender.pop(size)
  const lease = own ?? outOfCommon(size) ?? newLease(size, bytes)
  lease.used = bytes
  counts.inUse++
  return lease
}

/** A free buffer of the common arena, if it has one: for any arena, which keeps it then. */
function outOfCommon(size: number): Lease | undefined {
  const lease = common.pop(size)
  if (lease) counts.freeBytes -= size
  return lease && belongingTo(lender, lease)
}

function newLease(size: number, bytes: number): Lease {
  const buffer = createBuffer(size, bytes, counts.buffers)
  counts.buffers++
  counts.created++
  counts.bytes += size
  const numbers = { id: nextId++, bytes: size, used: bytes, ended: 0, session: sessionNumber() }
  return belongingTo(lender, { ...numbers, buffer, arena: lender })
}

function belongingTo(arena: Arena, lease: Lease): Lease {
  lease.arena = arena
  if (arena !== common) arena.all.push(lease)
  return lease
}

/** Takes a buffer back. It is free now, or destroyed when the common arena has enough free ones. */
export function giveBack(lease: Lease): void {
  if (lease === nothing || lease.session !== sessionNumber()) return
  lease.ended++
  counts.inUse--
  free(lease)
}

/** Hands an arena's buffers to the common one: free ones now, others when they are given back. */
export function dissolve(arena: Arena): void {
  for (const lease of arena.all) lease.arena = common
  for (const lease of arena.clear()) {
    lease.ended++ // results and gradients of a recording may lie in free buffers of its arena
    free(lease)
  }
  arena.all.length = 0
}

function free(lease: Lease): void {
  if (lease.arena === common) {
    if (counts.freeBytes + lease.bytes > mostFree) {
      destroy(lease)
      return
    }
    counts.freeBytes += lease.bytes
  }
  lease.arena.push(lease)
}

function destroy(lease: Lease): void {
  for (const retire of retirements) retire(lease)
  inOrder(() => lease.buffer.destroy())
  counts.buffers--
  counts.bytes -= lease.bytes
}

/** Calls `forget` before a buffer is destroyed. */
export function onRetire(forget: (lease: Lease) => void): void {
  retirements.push(forget)
}

/** What is lent. */
export function inUse(): { buffers: number; bytes: number } {
  return { buffers: counts.inUse, bytes: counts.bytes - counts.freeBytes }
}

/** Buffers and their bytes, how many bytes are free, buffers ever made, and buffers lent. */
export function poolCounts(): Readonly<typeof counts> {
  return { ...counts }
}

/** At least 64 bytes, then four sizes per doubling: at most a fifth of a buffer is wasted. */
function sizeClass(bytes: number): number {
  if (bytes <= 64) return 64
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2)
  return roundUp(bytes, Math.max(step, 16))
}

function roundUp(n: number, step: number): number {
  return Math.ceil(n / step) * step
}

onShutdown(() => {
  common.clear()
  Object.assign(counts, { buffers: 0, bytes: 0, freeBytes: 0, created: 0, inUse: 0 })
})
