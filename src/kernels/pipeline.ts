/** Compiled kernels, each kept under its name, entry and constants. */
import { device, onShutdown } from './device.js'
import { kernels } from './wgsl.js'

export type KernelName = keyof typeof kernels
export type Constants = Record<string, number | boolean>

/** A compiled entry point, with what a launch needs beside it. */
export interface Pipeline {
  readonly id: number
  readonly label: string
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
  /** The entry's buffers, in order; `write`: whether it writes to them. */
  readonly buffers: readonly { name: string; binding: number; write: boolean }[]
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
  const entries: Record<string, Record<string, { binding: number; write: boolean }>> = kernels[name]
    .entries
  const buffers = Object.entries(entries[entry]).map(([name, binding]) => ({ name, ...binding }))
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
      constants: Object.fromEntries(Object.entries(constants).map(([k, v]) => [k, Number(v)])),
    },
  })
  return { id: pipelines.size, label, pipeline, layout, buffers, isNew: true }
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
