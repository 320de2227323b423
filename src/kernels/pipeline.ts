/** Compiled kernels, each kept under its name, entry and constants. */

import { device, onShutdown } from './device.js'
import type { GPUBindGroupLayout, GPUComputePipeline } from './gpu.js'
import { type Binding, type Kernel, read } from './kernel.js'
import type { Field } from './params.js'
import { isReproducible } from './reproducible.js'

export type Constants = Readonly<Record<string, number | boolean>>

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
const modules = new Map<string, GPUShaderModule>()

/** The pipeline for an entry under these constants; compiled at its first use. */
export function pipelineFor(kernel: Kernel, entry: string, constants: Constants): Pipeline {
  let key = `${kernel.name}.${entry}`
  for (const constant in constants) key += `,${constant}=${constants[constant]}`
  const known = pipelines.get(key)
  if (known) return known
  const made = compile(kernel, entry, constants, key)
  pipelines.set(key, made)
  return made
}

function compile(kernel: Kernel, entry: string, constants: Constants, label: string): Pipeline {
  const entries: Readonly<Record<string, string>> = kernel.entries
  const { buffers, fields, workgroup, mayHold } = read(entries[entry])
  const held = isReproducible() && mayHold ? { HELD: true } : {} // see products.wgsl
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
      module: moduleFor(kernel),
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
    bytes: kernel.bytes,
    perWorkgroup: Number(constants.WORKGROUP ?? workgroup),
    isNew: true,
  }
}

const COMPUTE = 4 // GPUShaderStage.COMPUTE

function moduleFor({ name, source }: Kernel): GPUShaderModule {
  const known = modules.get(name)
  if (known) return known
  const code = source.join('\n')
  const made = device().createShaderModule({ label: name, code })
  modules.set(name, made)
  return made
}

onShutdown(() => {
  pipelines.clear()
  modules.clear()
})
