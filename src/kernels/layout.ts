/** Layouts of bind groups, one per set of bindings: kernels with the same set share bind groups. */

import { device, onShutdown } from './device.js'
import type { GPUBindGroupLayout } from './gpu.js'
import type { Binding } from './kernel.js'

export interface Layout {
  readonly id: number
  /** The bindings: `1 2w` is one that is read and one that is written. */
  readonly label: string
  readonly layout: GPUBindGroupLayout
}

const layouts = new Map<string, Layout>()
const COMPUTE = 4 // GPUShaderStage.COMPUTE

/** The layout of these buffers, with params at binding 0. */
export function layoutFor(buffers: readonly Binding[]): Layout {
  const label = buffers.map(({ binding, write }) => `${binding}${write ? 'w' : ''}`).join(' ')
  const known = layouts.get(label)
  if (known) return known
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
  const made = { id: layouts.size, label, layout }
  layouts.set(label, made)
  return made
}

onShutdown(() => layouts.clear())
