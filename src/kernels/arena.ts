/** Free buffers, by size. Nothing here makes a buffer or destroys one. */
import type { GPUBuffer } from './gpu.js'

/** A lent buffer. It has at least the size that was asked for; its content is undefined. */
export interface Lease {
  readonly id: number
  readonly buffer: GPUBuffer
  readonly bytes: number
  /** The size that was asked for. */
  used: number
  /** The arena that it is given back to. */
  arena: Arena
  /** How often it was given back: with another number it has another content. */
  ended: number
  /** The device that it belongs to: see sessionNumber. */
  readonly session: number
}

/** Buffers that are lent only among themselves. Every recording has an arena of its own. */
export class Arena {
  /** All buffers that this arena keeps for as long as it lasts. */
  readonly all: Lease[] = []
  private readonly free = new Map<number, Lease[]>()

  /** Removes a free buffer of this size and returns it, if there is one. */
  pop(bytes: number): Lease | undefined {
    return this.free.get(bytes)?.pop()
  }

  push(lease: Lease): void {
    const list = this.free.get(lease.bytes)
    if (list) list.push(lease)
    else this.free.set(lease.bytes, [lease])
  }

  /** Removes all free buffers and returns them. */
  clear(): Lease[] {
    const all = [...this.free.values()].flat()
    this.free.clear()
    return all
  }
}
