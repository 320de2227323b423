/** The memory behind one or more tensors, and the record of who made it. */
import { check } from '../kernels/check.js'
import { onShutdown } from '../kernels/device.js'
import { isDry } from '../kernels/dryrun.js'
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import { recordingNow } from '../kernels/recording.js'
import { adopt, type Owned, type Scope } from './scope.js'

/** What is known of a piece of memory apart from the tensors that use it. */
interface Entry {
  lease: Lease | null
  /** Whether the memory is someone else's, who gives it back. */
  borrowed: boolean
  readonly bytes: number
  readonly madeBy: string
  readonly site: { stack?: string }
}

const live = new Set<Entry>()
const collected = new FinalizationRegistry<Entry>(end)

function end(entry: Entry): void {
  if (!entry.lease) return
  if (!entry.borrowed) giveBack(entry.lease)
  entry.lease = null
  live.delete(entry)
}

export class Storage implements Owned {
  scope: Scope | null = null
  /** Where it begins in its buffer, in elements. */
  base = 0
  /** The storage that it has moved into, kept alive. */
  private host: Storage | null = null
  private changes = 0
  private readonly entry: Entry
  private watched = false

  /**
   * Lends memory for `size` elements, or borrows a lease from who has it. The innermost scope owns it; without
   * one, reachability does.
   */
  constructor(size: number, madeBy: string, lease?: Lease) {
    this.entry = {
      lease: lease ?? lend(4 * size),
      borrowed: lease !== undefined,
      bytes: 4 * size,
      madeBy,
      site: capture(),
    }
    if (!isDry() && !lease) live.add(this.entry)
    adopt(this)
  }

  /** The buffer. @throws Error when the scope that owned it has ended */
  get lease(): Lease {
    const { lease, madeBy } = this.entry
    check(
      lease,
      () =>
        `this tensor is gone: it was made by ${madeBy}${siteOf(this.entry)}, and its scope has ended ` +
        '(or dispose() or shutdown() took it); return it from the scope, or keep() it there',
    )
    return lease
  }

  /** How often the content was changed in place. */
  get version(): number {
    return this.changes
  }

  /** Counts a change of the content in place: now, and again at every replay. A dry run changes nothing. */
  markChanged(): void {
    if (isDry()) return
    this.changes++
    const recording = recordingNow()
    if (recording && this.entry.lease?.home !== recording.arena)
      recording.also(() => {
        this.changes++
      })
  }

  /** Elements that it was made for. */
  get size(): number {
    return this.entry.bytes / 4
  }

  /** Whether the memory is someone else's, who gives it back and may use it anew. */
  get borrowed(): boolean {
    return this.entry.borrowed
  }

  /** Whether it has moved into that storage. */
  isIn(host: Storage): boolean {
    return this.host === host && this.entry.lease === host.entry.lease
  }

  /** Becomes a part of another storage, from `base` on, and with it all tensors that show it. Copies nothing. */
  moveInto(host: Storage, base: number): void {
    if (!this.entry.borrowed) giveBack(this.lease)
    live.delete(this.entry)
    Object.assign(this.entry, { lease: host.lease, borrowed: true })
    this.host = host
    this.base = base
  }

  get alive(): boolean {
    return this.entry.lease !== null
  }

  /** Gives the memory back now. */
  end(): void {
    collected.unregister(this)
    this.scope?.owned.delete(this)
    this.scope = null
    end(this.entry)
  }

  /** Has the garbage collector give the memory back. */
  unowned(): void {
    if (this.watched || !this.entry.lease) return
    this.watched = true
    collected.register(this, this.entry, this)
  }
}

/** One place in the program that made tensors which are alive. */
export interface Usage {
  /** The operation, and the first line of the program outside this library on the way to it. */
  readonly where: string
  readonly tensors: number
  readonly bytes: number
}

/** Live memory by the place that made it, largest first. */
export function usage(): Usage[] {
  const places = new Map<string, { where: string; tensors: number; bytes: number }>()
  for (const entry of live) {
    const where = `${entry.madeBy}${siteOf(entry)}`
    const place = places.get(where) ?? { where, tensors: 0, bytes: 0 }
    place.tensors++
    place.bytes += entry.bytes
    places.set(where, place)
  }
  return [...places.values()].sort((a, b) => b.bytes - a.bytes)
}

/** The call stack, taken now and spelled out only if someone asks. */
function capture(): { stack?: string } {
  const site: { stack?: string } = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 20 // deep enough to see the program behind a backward()
  Error.captureStackTrace?.(site, capture)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

const library = new URL('../', import.meta.url).href

/** " at file:line" of the first frame outside this library, or nothing where there is none. */
function siteOf(entry: Entry): string {
  for (const line of entry.site.stack?.split('\n').slice(1) ?? []) {
    const frame = line.match(/\(?((?:file|https?):\/\/[^)]+|\/[^)]+):\d+\)?$/)?.[1]
    if (
      frame &&
      !/^(kernels|tensor|launches|compile|autograd|nn|models|data|io)\//.test(
        frame.replace(library, '').replace(library.slice(7), ''),
      )
    ) {
      return ` at ${frame.replace(/^file:\/\//, '')}`
    }
  }
  return ''
}

onShutdown(() => {
  for (const entry of live) entry.lease = null
  live.clear()
})
