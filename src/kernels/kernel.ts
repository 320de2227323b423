/**
 * What is known of a kernel beside its source. scripts/embed.ts reads it from the source itself, so
 * a launch with a wrong name, or with one that its entry does not use, does not compile.
 */
import type { Field } from './params.js'

/** A kernel. `Entries` has a description per entry point. */
export interface Kernel<Entries = unknown> {
  readonly name: string
  /** Of all its params. */
  readonly bytes: number
  /** Per entry: `buffer:binding …;param:offset …;constant:default …`, as `read` below says. */
  readonly entries: { readonly [E in keyof Entries]: string }
  /** WGSL without comments; kernels share the parts that come from other files. */
  readonly source: readonly string[]
  /** Never set: it carries the names to the compiler. */
  readonly uses?: Entries
}

/** The names that an entry uses. */
export interface Entry<
  Buffers extends string,
  Params extends string = never,
  Constants extends string = never,
> {
  readonly buffers: Buffers
  readonly params: Params
  readonly constants: Constants
}

export type EntryName<K extends Kernel> = keyof EntriesOf<K> & string

type EntriesOf<K extends Kernel> = NonNullable<K['uses']>

/** The names of the buffers, params or constants that an entry uses. */
export type Used<
  K extends Kernel,
  E extends EntryName<K>,
  What extends keyof Entry<string>,
> = NamesOf<EntriesOf<K>[E], What>

type NamesOf<Uses, What extends string> =
  Uses extends Record<What, infer Names extends string> ? Names : never

/** A buffer that an entry uses. */
export interface Binding {
  readonly name: string
  readonly binding: number
  readonly write: boolean
}

export interface Described {
  /** In the order of their bindings. */
  readonly buffers: readonly Binding[]
  readonly fields: readonly Field[]
  /** Invocations of a workgroup, unless a launch says something else. */
  readonly workgroup: number
  /** Whether it has the constant HELD: see products.wgsl. */
  readonly mayHold: boolean
}

/** Reads the description of an entry: `x:1 y:2w;n:0u rate:4f;WORKGROUP:64`. */
export function read(entry: string): Described {
  const [first, second, third] = entry
    .split(';')
    .map(part => (part ? part.split(' ').map(word => word.split(':')) : []))
  const buffers = first.map(([name, at]) => ({
    name,
    binding: Number.parseInt(at, 10),
    write: at.endsWith('w'),
  }))
  return {
    buffers,
    fields: second.map(([name, at]) => ({
      name,
      at: Number.parseInt(at, 10),
      type: at.slice(-1) as Field['type'],
      // C4 is the memory of C, as vec4s
      offsetOf: buffers.findIndex(buffer => name === `${buffer.name.replace(/4$/, '')}_offset`),
    })),
    workgroup: Number(third.find(([name]) => name === 'WORKGROUP')?.[1] ?? 1),
    mayHold: third.some(([name]) => name === 'HELD'),
  }
}
