/** Where the members of a uniform struct lie, by WGSL's rules of alignment. */
import { check } from '../kernels/check.js'
import type { Declaration } from './declarations.js'

export interface Member {
  readonly name: string
  /** In bytes from the struct's beginning. */
  readonly at: number
  readonly type: 'f' | 'i' | 'u'
  /** 1 for a scalar, else as many as the vector has. */
  readonly lanes: number
}

/** @throws Error for a member that is neither a number nor a vector of numbers */
export function membersOf({ name, text }: Declaration): { members: Member[]; bytes: number } {
  const body = text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'))
  const members: Member[] = []
  let end = 0
  let largest = 4
  for (const part of body.split(',')) {
    if (!part.trim()) continue
    const found = part.match(/^\s*(\w+)\s*:\s*(?:vec([234])\s*<?\s*)?([fiu])(?:32)?\s*>?\s*$/)
    check(
      found,
      () =>
        `defineKernel: ${name} has ${part.trim()}; its members must be f32, i32, u32 or vectors ` +
        'of them, without attributes',
    )
    const lanes = Number(found[2] ?? 1)
    const align = lanes === 3 ? 16 : 4 * lanes
    const at = Math.ceil(end / align) * align
    members.push({ name: found[1], at, type: found[3] as Member['type'], lanes })
    end = at + 4 * lanes
    largest = Math.max(largest, align)
  }
  return { members, bytes: Math.ceil(end / Math.max(16, largest)) * Math.max(16, largest) }
}
