/** Compiled kernels, each kept under its name, entry and constants. */

import { awaited } from './adapter.js'
import { adapterFound, device, fail, onShutdown, sessionNumber } from './device.js'
import type { GPUComputePipeline } from './gpu.js'
import { gpuError } from './gpuerror.js'
import { isReproducible } from './initoptions.js'
import { type Binding, type Kernel, read } from './kernel.js'
import { type Layout, layoutFor } from './layout.js'
import { waitFor } from './order.js'
import type { Field } from './params.js'
import { Recent } from './recent.js'

export type Constants = Readonly<Record<string, number | boolean>>

/** A compiled entry point, with what a launch needs beside it. */
export interface Pipeline {
  readonly label: string
  readonly constants: Constants
  /** null while it is being compiled (commands wait for it then), and where that has failed. */
  pipeline: GPUComputePipeline | null
  readonly layout: Layout
  /** In the order of their bindings. */
  readonly buffers: readonly Binding[]
  readonly fields: readonly Field[]
  /** Of all params of the kernel. */
  readonly bytes: number
  /** Invocations of a workgroup, for entries that are launched by their number. */
  readonly perWorkgroup: number
  /** Whether the driver has yet to compile it, at its first launch. */
  isNew: boolean
}

// Drivers map memory for the code of a pipeline, and Linux allows 65,530 mappings per process. What
// is forgotten here is freed by the garbage collector, unless a recording still holds it.
const pipelines = new Recent<Pipeline>(1000)
const modules = new Recent<GPUShaderModule>(1000)

/** The pipeline for an entry under these constants; compiled at its first use. */
export function pipelineFor(kernel: Kernel, entry: string, constants: Constants): Pipeline {
  let key = `${kernel.name}.${entry}`
  for (const constant in constants) key += `,${constant}=${constants[constant]}`
  const known = pipelines.find(key)
  if (known) return known
  const made = compile(kernel, entry, constants, key)
  pipelines.set(key, made)
  return made
}

function compile(kernel: Kernel, entry: string, constants: Constants, label: string): Pipeline {
  const entries: Readonly<Record<string, string>> = kernel.entries
  const { buffers, fields, workgroup, mayHold } = read(entries[entry])
  const held = isReproducible() && mayHold ? { HELD: true } : {} // see products.wgsl
  const layout = layoutFor(buffers)
  const made: Pipeline = {
    label,
    constants,
    pipeline: null,
    layout,
    buffers,
    fields,
    bytes: kernel.bytes,
    perWorkgroup: Number(constants.WORKGROUP ?? workgroup),
    isNew: false,
  }
  const descriptor: GPUComputePipelineDescriptor = {
    label,
    layout: device().createPipelineLayout({ label, bindGroupLayouts: [layout.layout] }),
    compute: {
      module: moduleFor(kernel),
      entryPoint: entry,
      constants: Object.fromEntries(
        Object.entries({ ...constants, ...held }).map(([k, v]) => [k, Number(v)]),
      ),
    },
  }
  if (adapterFound().compilesLate) {
    made.pipeline = device().createComputePipeline(descriptor)
    made.isNew = true
  } else waitFor(compileAside(made, descriptor, kernel.name))
  return made
}

/** Has the driver compile it while the program goes on, beside other kernels. */
async function compileAside(
  made: Pipeline,
  descriptor: GPUComputePipelineDescriptor,
  name: string,
): Promise<void> {
  const session = sessionNumber()
  try {
    made.pipeline = await awaited(() => device().createComputePipelineAsync(descriptor))
  } catch (error) {
    if (session !== sessionNumber()) return // shutdown() has ended it
    const { message } = error as Error
    // of WGSL that does not compile its module has told already, and will tell again
    if (/\[Invalid ShaderModule/.test(message)) modules.delete(name)
    else fail(gpuError(message))
    pipelines.delete(made.label)
  }
}

function moduleFor({ name, source }: Kernel): GPUShaderModule {
  const known = modules.find(name)
  if (known) return known
  const code = source.join('\n')
  const made = device().createShaderModule({ label: name, code })
  modules.set(name, made)
  return made
}

/** How many pipelines are kept. */
export function pipelineCount(): number {
  return pipelines.size
}

/** Sets how many pipelines are kept at most. Returns what it was before. */
export function keepPipelines(most: number): number {
  const before = pipelines.most
  pipelines.most = most
  return before
}

onShutdown(() => {
  pipelines.clear()
  modules.clear()
})
