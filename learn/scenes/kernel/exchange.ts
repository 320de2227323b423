/**
 * An edited kernel in the place of the real one. Launches are data: the launch that the engine made
 * is taken, its pipeline exchanged, and run again on the same buffers with the same params.
 */
import { device } from '../../../src/kernels/device.js'
import type { Kernel } from '../../../src/kernels/kernel.js'
import { enqueue } from '../../../src/kernels/launch.js'
import { layoutFor } from '../../../src/kernels/layout.js'
import { type Constants, pipelineFor } from '../../../src/kernels/pipeline.js'
import { Recording } from '../../../src/kernels/recording.js'
import { write } from '../../../src/kernels/transfer.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { seconds } from './measure.js'

/** A kernel with another text. */
export interface Exchange {
  readonly kernel: Kernel
  readonly wgsl: string
  /** A buffer more, at this binding, which the text writes to. */
  readonly extra?: { readonly binding: number; readonly tensor: Tensor }
}

/** What the launches of `f` gave with the exchanged kernel, as numbers. */
export async function runExchanged(f: () => Tensor, exchange: Exchange): Promise<Float32Array> {
  const { recording, result } = Recording.of(f)
  try {
    // so that no number of the real kernel is left where the edited one writes nothing
    write(result.storage.lease, new Float32Array(result.size).fill(Number.NaN))
    relaunch(recording, exchange)
    return (await result.data()) as Float32Array
  } finally {
    recording.dispose()
  }
}

/** Seconds that the launches of `f` take with the exchanged kernel. */
export async function timeExchanged(f: () => Tensor, exchange: Exchange): Promise<number> {
  const { recording } = Recording.of(f)
  try {
    return await seconds(() => relaunch(recording, exchange))
  } finally {
    recording.dispose()
  }
}

function relaunch({ launches }: Recording, exchange: Exchange): void {
  const edited = editedKernel(exchange)
  const more = exchange.extra ? [exchange.extra.tensor.storage.lease] : []
  for (const { pipeline, bound, params, x, y } of launches) {
    const isOwn = pipeline.label.startsWith(`${exchange.kernel.name}.`)
    if (isOwn)
      enqueue(pipelineFor(edited, 'main', pipeline.constants), [...bound, ...more], params, x * y)
    else enqueue(pipeline, bound, params, x * y)
  }
}

/** A launch of a kernel: its constants, and its buffers in the order of their bindings. */
export interface Launched {
  readonly constants: Constants
  readonly buffers: readonly {
    readonly name: string
    readonly write: boolean
    /** Equal for two names of the same memory. */
    readonly memory: unknown
  }[]
}

/** How `f` launches the kernel. */
export function launchIn(f: () => Tensor, { name }: Kernel): Launched {
  const { recording } = Recording.of(f)
  const own = recording.launches.find(({ pipeline }) => pipeline.label.startsWith(`${name}.`))!
  recording.dispose()
  const { constants, buffers } = own.pipeline
  return {
    constants,
    buffers: buffers.map(({ name, write }, i) => ({ name, write, memory: own.bound[i] })),
  }
}

/** The kernel with this text, under a name of its own: pipelines are kept by name. */
export function editedKernel({ kernel, wgsl, extra }: Exchange): Kernel {
  const [buffers, ...rest] = mainOf(kernel).split(';')
  const bindings = extra ? `${buffers} extra:${extra.binding}w` : buffers
  return {
    ...kernel,
    name: `edited ${numberOf(wgsl)} of ${kernel.name}`,
    entries: { main: [bindings, ...rest].join(';') } as never,
    source: [wgsl],
  }
}

/** Why this text makes no pipeline with the kernel's bindings and constants; null if it does. */
export async function refusal(
  kernel: Kernel,
  wgsl: string,
  constants: Constants,
): Promise<string | null> {
  const buffers = mainOf(kernel).split(';')[0].split(' ')
  const bindings = buffers.map(word => {
    const [name, at] = word.split(':')
    return { name, binding: Number.parseInt(at, 10), write: at.endsWith('w') }
  })
  const layout = device().createPipelineLayout({ bindGroupLayouts: [layoutFor(bindings).layout] })
  try {
    await device().createComputePipelineAsync({
      layout,
      compute: {
        module: device().createShaderModule({ code: wgsl }),
        entryPoint: 'main',
        constants: Object.fromEntries(Object.entries(constants).map(([k, v]) => [k, Number(v)])),
      },
    })
    return null
  } catch (error) {
    return (error as Error).message
  }
}

function mainOf({ entries }: Kernel): string {
  return (entries as Readonly<Record<string, string>>).main
}

const numbers = new Map<string, number>()

function numberOf(wgsl: string): number {
  const number = numbers.get(wgsl) ?? numbers.size + 1
  numbers.set(wgsl, number)
  return number
}
