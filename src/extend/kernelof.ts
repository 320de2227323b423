/** A source from outside as the launcher knows kernels. */
import type { Kernel } from '../kernels/kernel.js'
import type { EntryPoint, Source } from './parse.js'

/** `name` must be unlike all others. */
export function kernelOf(name: string, wgsl: string, { entries, members, bytes }: Source): Kernel {
  const fields = members.map(({ name, at, type }) => `${name}:${at}${type}`).join(' ')
  const describe = ({ buffers }: EntryPoint) =>
    `${buffers.map(b => `${b.name}:${b.binding}${b.write ? 'w' : ''}`).join(' ')};${fields};`
  return {
    name,
    bytes,
    entries: Object.fromEntries(entries.map(entry => [entry.name, describe(entry)])) as never,
    source: [wgsl],
  }
}
