/** Free buffers on shelves by size. Nothing here makes a buffer or destroys one. */

/** A lent buffer. It has at least the size that was asked for; its content is undefined. */
export interface Lease {
  readonly id: number
  readonly buffer: GPUBuffer
  readonly bytes: number
  /** The size that was asked for. */
  used: number
  /** Where it goes when it is given back. */
  arena: Arena
  /** How often it was given back: with another number it has another content. */
  ended: number
}

/** Buffers that are lent only among themselves. Every recording has an arena of its own. */
export class Arena {
  /** All buffers that were made for this arena and live as long as it does. */
  readonly all: Lease[] = []
  private readonly shelves = new Map<number, Lease[]>()

  /** Takes a free buffer of this size off its shelf, if there is one. */
  take(bytes: number): Lease | undefined {
    return this.shelves.get(bytes)?.pop()
  }

  put(lease: Lease): void {
    const shelf = this.shelves.get(lease.bytes)
    if (shelf) shelf.push(lease)
    else this.shelves.set(lease.bytes, [lease])
  }

  /** Empties all shelves, and returns what was there. */
  clear(): Lease[] {
    const free = [...this.shelves.values()].flat()
    this.shelves.clear()
    return free
  }
}
