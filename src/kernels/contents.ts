/**
 * What of a buffer belongs to the results of a step, where that is not all of it: gaps between
 * parameters hold anything, and a log says how it was computed.
 */
import type { Lease } from './arena.js'

/** Neighbouring elements of four bytes. */
export interface Part {
  readonly from: number
  readonly count: number
}

interface Note {
  /** The note ends with the lease. */
  readonly ended: number
  readonly parts: readonly Part[]
}

const notes = new WeakMap<Lease, Note>()

/** Says which parts of a buffer are results. */
export function noteContents(lease: Lease, parts: readonly Part[]): void {
  notes.set(lease, { ended: lease.ended, parts })
}

/** The parts of a buffer that are results: all of it, if nothing was said. */
export function contentsOf(lease: Lease): readonly Part[] {
  const note = notes.get(lease)
  return note?.ended === lease.ended ? note.parts : [{ from: 0, count: lease.used / 4 }]
}
