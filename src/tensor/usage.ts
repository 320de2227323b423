/** All memory that tensors have now, by the place in the program that made it. */
import { nameCulprits } from '../kernels/buffer.js'
import { onShutdown } from '../kernels/device.js'
import type { Lease } from '../kernels/pool.js'
import { describe, type Site, takeStacks } from './site.js'

/** A piece of memory, apart from the tensors that use it. */
export interface Entry {
  lease: Lease | null
  /** Whether the memory belongs to another entry, which gives it back. */
  borrowed: boolean
  readonly bytes: number
  readonly madeBy: string
  readonly site: Site
  /** The device that has its memory. */
  readonly session: number
}

export const live = new Set<Entry>()

/** The live tensors that one place in the program has made. */
export interface Usage {
  /** The operation, and the line of the program that called it. */
  readonly where: string
  readonly tensors: number
  readonly bytes: number
}

/** Live tensors by the place that made them, largest first. */
export function usage(): Usage[] {
  takeStacks()
  const places = new Map<string, { where: string; tensors: number; bytes: number }>()
  for (const entry of live) {
    const where = `${entry.madeBy}${describe(entry.site)}`
    const place = places.get(where) ?? { where, tensors: 0, bytes: 0 }
    place.tensors++
    place.bytes += entry.bytes
    places.set(where, place)
  }
  return [...places.values()].sort((a, b) => b.bytes - a.bytes)
}

nameCulprits(() => {
  const most = culprits().slice(0, 3)
  return `; ${most.map(({ what, tensors }) => `${tensors} were made by ${what}`).join(', ')}`
})

/** The operations that made the most live tensors, each with the place that is seen most often. */
function culprits(): { what: string; tensors: number }[] {
  const places = new Map<string, Map<string, number>>()
  for (const { madeBy, site } of live) {
    const of = places.get(madeBy) ?? new Map<string, number>()
    const place = describe(site)
    of.set(place, (of.get(place) ?? 0) + 1)
    places.set(madeBy, of)
  }
  return [...places]
    .map(([op, of]) => {
      const tensors = [...of.values()].reduce((sum, count) => sum + count, 0)
      const [seen] = [...of].filter(([place]) => place).sort(([, m], [, n]) => n - m)
      const isAll = seen?.[1] === tensors
      return { what: seen ? `${op}${isAll ? '' : ', most often'}${seen[0]}` : op, tensors }
    })
    .sort((a, b) => b.tensors - a.tensors)
}

onShutdown(() => {
  for (const entry of live) entry.lease = null
  live.clear()
})
