/**
 * The kernels of convolution, from the plainest on. A new one is a folder of .wgsl files (forward,
 * input, weight) and a row here.
 */
import { subgroupSize } from '../../kernels/device.js'
import type { Kernel } from '../../kernels/kernel.js'
import {
  convPlainForwardKernel,
  convPlainInputKernel,
  convPlainWeightKernel,
  convRegisterForwardKernel,
  convRegisterInputKernel,
  convRegisterWeightKernel,
  convSubgroupForwardKernel,
  convSubgroupInputKernel,
  convSubgroupWeightKernel,
} from '../../kernels/wgsl.js'
import { sizeOf } from '../../tensor/shape.js'
import type { Geometry } from '../geometry.js'
import type { Rung } from './rung.js'

/** How much is launched: invocations, or whole workgroups. */
export type Work = { readonly threads: number } | { readonly workgroups: number }

export interface ConvRung extends Rung {
  readonly kernels: { readonly [E in 'forward' | 'input' | 'weight']: Kernel }
  /** Whether it can run on this device. */
  serves(): boolean
  /** Whether it pays for so many channels of the result per group (and taps, for a weight). */
  pays?(channels: number, taps: number): boolean
  /** Whether its forward and input want the weights packed: see pack.wgsl. */
  readonly packs?: true
  /** By the channels of the result per group. */
  constants(channels: number): { readonly CHANNELS?: number; readonly LANES?: number }
  /** For the images y (forward) or x (input). */
  image(shapes: Geometry, to: 'x' | 'y'): Work
  /** For the weight: its tiles, and how many invocations each of them is. */
  weight(shapes: Geometry): { tiles: number; invocations: number }
}

export const convRungs = [
  {
    name: 'plain',
    kernels: {
      forward: convPlainForwardKernel,
      input: convPlainInputKernel,
      weight: convPlainWeightKernel,
    },
    serves: () => true,
    constants: () => ({}),
    image: (shapes, to) => ({ threads: sizeOf(shapes[to]) }),
    weight: ({ w }) => ({ tiles: sizeOf(w), invocations: 1 }),
  },
  {
    name: 'register',
    kernels: {
      forward: convRegisterForwardKernel,
      input: convRegisterInputKernel,
      weight: convRegisterWeightKernel,
    },
    fastestOn: 'gpu',
    serves: () => true,
    packs: true,
    constants: channels => ({ CHANNELS: blockOf(channels) }),
    image(shapes, to) {
      const [channels, phases] = [shapes[to][1] / shapes.groups, phasesOf(shapes, to)]
      const chunks = Math.ceil(phases.positions / 64)
      const blocks = Math.ceil(channels / blockOf(channels))
      return { workgroups: phases.count * shapes.groups * blocks * chunks }
    },
    weight({ w, groups }) {
      const [o, taps] = [w[0] / groups, sizeOf(w.slice(1))]
      const tiles = Math.ceil(taps / 4) * Math.ceil(o / 8) * groups
      return { tiles, invocations: 1 }
    },
  },
  {
    name: 'subgroup',
    kernels: {
      forward: convSubgroupForwardKernel,
      input: convSubgroupInputKernel,
      weight: convSubgroupWeightKernel,
    },
    fastestOn: 'cpu',
    serves: () => [4, 8].includes(subgroupSize()),
    // it computes at least eight channels at a time; in weight, lanes are taps
    pays: (channels, taps) => channels > 4 && taps >= 16,
    constants: channels => ({ LANES: subgroupSize(), CHANNELS: channels > 8 ? 16 : 8 }),
    image(shapes, to) {
      const [channels, phases] = [shapes[to][1] / shapes.groups, phasesOf(shapes, to)]
      const chunks = Math.ceil(phases.positions / subgroupSize())
      return { workgroups: phases.count * shapes.groups * blocksOf(channels) * chunks }
    },
    weight({ w, groups }) {
      const [o, taps] = [w[0] / groups, sizeOf(w.slice(1))]
      const lanes = subgroupSize()
      const tiles = Math.ceil(taps / (4 * lanes)) * blocksOf(o) * groups
      return { tiles, invocations: lanes }
    },
  },
] as const satisfies readonly ConvRung[]

/**
 * The positions of x that have the same taps are one phase of stride². All positions of y do.
 * Counted for four images at a time.
 */
function phasesOf({ stride, ...shapes }: Geometry, to: 'x' | 'y') {
  const [images, , h, w] = shapes[to]
  const [sy, sx] = to === 'x' ? stride : [1, 1]
  return {
    count: sy * sx,
    positions: Math.ceil(images / 4) * Math.ceil(h / sy) * Math.ceil(w / sx),
  }
}

/** Channels per invocation: sixteen where that fills blocks, no more than half of one is empty. */
function blockOf(channels: number): 4 | 8 | 16 {
  if (channels <= 4) return 4
  return (channels - 1) % 16 < 8 ? 8 : 16
}

/** Blocks of sixteen channels, or of eight where there are no more. */
function blocksOf(channels: number): number {
  return Math.ceil(channels / (channels > 8 ? 16 : 8))
}
