/** Compiled kernels, each kept under its name, entry and constants. */
import { device, onShutdown } from './device.js'
import type { Field } from './params.js'
import { isReproducible } from './reproducible.js'
import { kernels } from './wgsl.js'

type Kernels = typeof kernels
export type KernelName = keyof Kernels
export type EntryName<K extends KernelName> = keyof Kernels[K]['entries'] & string

/** The names of the buffers, params or constants that an entry uses. */
export type Used<
  K extends KernelName,
  E extends EntryName<K>,
  What extends keyof Described,
> = KeysOf<Kernels[K]['entries'][E], What>

type KeysOf<Entry, What extends string> =
  Entry extends Record<What, infer Names> ? keyof Names & string : never

export type Constants = Readonly<Record<string, number | boolean>>

interface Described {
  readonly buffers: Readonly<Record<string, { binding: number; write: boolean }>>
  readonly params: Readonly<Record<string, Pick<Field, 'at' | 'type'>>>
  readonly constants: Constants
}

/** A buffer that an entry uses. */
export interface Binding {
  readonly name: string
  readonly binding: number
  readonly write: boolean
}

/** A compiled entry point, with what a launch needs beside it. */
export interface Pipeline {
  readonly id: number
  readonly label: string
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
  /** In the order of their bindings. */
  readonly buffers: readonly Binding[]
  readonly fields: readonly Field[]
  /** Of all params of the kernel. */
  readonly bytes: number
  /** Invocations of a workgroup, for entries that are launched by their number. */
  readonly perWorkgroup: number
  /** Whether nothing has run it yet. */
  isNew: boolean
}

const pipelines = new Map<string, Pipeline>()
const modules = new Map<KernelName, GPUShaderModule>()

/** The pipeline for an entry under these constants; compiled at its first use. */
export function pipelineFor(name: KernelName, entry: string, constants: Constants): Pipeline {
  let key = `${name}.${entry}`
  for (const constant in constants) key += `,${constant}=${constants[constant]}`
  const known = pipelines.get(key)
  if (known) return known
  const made = compile(name, entry, constants, key)
  pipelines.set(key, made)
  return made
}

function compile(name: KernelName, entry: string, constants: Constants, label: string): Pipeline {
  const entries: Readonly<Record<string, Described>> = kernels[name].entries
  const { buffers: described, params, constants: defaults } = entries[entry]
  const held = isReproducible() && 'HELD' in defaults ? { HELD: true } : {} // see products.wgsl
  const buffers = Object.entries(described).map(([buffer, rest]) => ({ name: buffer, ...rest }))
  const fields = Object.entries(params).map(([field, rest]) => ({
    name: field,
    offsetOf: buffers.findIndex(buffer => field === `${buffer.name}_offset`),
    ...rest,
  }))
  const layout = device().createBindGroupLayout({
    label,
    entries: [
      { binding: 0, visibility: COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } },
      ...buffers.map(({ binding, write }) => ({
        binding,
        visibility: COMPUTE,
        buffer: { type: write ? 'storage' : 'read-only-storage' } as const,
      })),
    ],
  })
  const pipeline = device().createComputePipeline({
    label,
    layout: device().createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: {
      module: moduleFor(name),
      entryPoint: entry,
      constants: Object.fromEntries(
        Object.entries({ ...constants, ...held }).map(([k, v]) => [k, Number(v)]),
      ),
    },
  })
  return {
    id: pipelines.size,
    label,
    pipeline,
    layout,
    buffers,
    fields,
    bytes: kernels[name].bytes,
    perWorkgroup: Number(constants.WORKGROUP ?? defaults.WORKGROUP ?? 1),
    isNew: true,
  }
}

const COMPUTE = 4 // GPUShaderStage.COMPUTE

function moduleFor(name: KernelName): GPUShaderModule {
  const known = modules.get(name)
  if (known) return known
  const made = device().createShaderModule({ label: `${name}.wgsl`, code: kernels[name].source })
  modules.set(name, made)
  return made
}

onShutdown(() => {
  pipelines.clear()
  modules.clear()
})
