/** The memory behind one or more tensors. */
import { check } from '../kernels/check.js'
import { sessionNumber } from '../kernels/device.js'
import { isDry } from '../kernels/dryrun.js'
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import { recordingNow } from '../kernels/recording.js'
import { adopt, type Owned, type Scope } from './scope.js'
import { callSite, describe, letGo } from './site.js'
import { type Entry, live } from './usage.js'

const collected = new FinalizationRegistry<Entry>(end)

function end(entry: Entry): void {
  if (!entry.lease) return
  if (!entry.borrowed) giveBack(entry.lease)
  entry.lease = null
  live.delete(entry)
}

export class Storage implements Owned {
  scope: Scope | null = null
  /** Start in its buffer, in elements. */
  base = 0
  /** The storage that it has become a part of, kept alive. */
  private host: Storage | null = null
  /** How often the content was changed in place; see `markChanged`. */
  version = 0
  private readonly entry: Entry
  /** Why it has ended, if it was not the end of its scope. */
  private ended: string | undefined
  private watched = false

  /**
   * Memory for `size` elements, or the given lease, which stays its owner's. The innermost scope
   * owns the storage; without a scope it lives as long as it is reachable.
   */
  constructor(size: number, madeBy: string, lease?: Lease) {
    this.entry = {
      lease: lease ?? lend(4 * size),
      borrowed: lease !== undefined,
      bytes: 4 * size,
      madeBy,
      site: callSite(),
      session: sessionNumber(),
    }
    if (!isDry() && !lease) live.add(this.entry)
    adopt(this)
  }

  /** The buffer. @throws Error when the scope that owned it has ended */
  get lease(): Lease {
    const { lease, madeBy, session } = this.entry
    check(
      lease && session === sessionNumber(),
      () =>
        `this tensor is gone: it was made by ${madeBy}${describe(this.entry.site)}, and ` +
        (this.ended ?? this.scopeEnded()),
    )
    return lease
  }

  /** Counts a change of the content in place: now, and at every replay. Not in a dry run. */
  markChanged(): void {
    if (isDry()) return
    this.version++
    const recording = recordingNow()
    if (recording && this.entry.lease?.arena !== recording.arena)
      recording.repeat(() => {
        this.version++
      })
  }

  /** Number of elements. */
  get size(): number {
    return this.entry.bytes / 4
  }

  /** Whether it is an alias: another storage gives its memory back, and may overwrite it before. */
  get borrowed(): boolean {
    return this.entry.borrowed && !this.host
  }

  /** Whether it is a part of that storage. */
  isIn(host: Storage): boolean {
    return this.host === host && this.entry.lease === host.entry.lease
  }

  /** Makes this, and all tensors that show it, a part of another storage. Copies nothing. */
  moveInto(host: Storage, base: number): void {
    if (!this.entry.borrowed) giveBack(this.lease)
    live.delete(this.entry)
    Object.assign(this.entry, { lease: host.lease, borrowed: true })
    this.host = host
    this.base = base
  }

  get alive(): boolean {
    return this.entry.lease !== null && this.entry.session === sessionNumber()
  }

  /** Gives the memory back now. `why`, with a remedy, goes into the message of a later use. */
  end(why?: string): void {
    this.ended ??= why
    collected.unregister(this)
    this.scope?.owned.delete(this)
    this.scope = null
    end(this.entry)
  }

  private scopeEnded(): string {
    const copy = this.entry.borrowed ? 'keep(t.clone()) there' : 'keep() it there'
    return (
      'its scope (scope(), an iteration of a DataLoader, a compiled step) has ended, or ' +
      `dispose() or shutdown() took it; return it from the scope, or ${copy}`
    )
  }

  /** Has the garbage collector give the memory back. */
  unowned(): void {
    if (this.watched || !this.entry.lease) return
    this.watched = true
    letGo(this.entry.site)
    collected.register(this, this.entry, this)
  }
}
