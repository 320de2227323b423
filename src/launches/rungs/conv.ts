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
  convTiledWeightKernel,
} from '../../kernels/wgsl.js'
import { sizeOf } from '../../tensor/shape.js'
import type { Geometry } from '../geometry.js'
import { blockOf, blocksOf, imageOfBlocks, phasesOf, type Work } from './convwork.js'
import type { Rung } from './rung.js'

interface Constants extends Readonly<Record<string, number | undefined>> {
  readonly CHANNELS?: number
  readonly LANES?: number
  readonly PLANES?: number
}

export interface ConvRung extends Rung {
  readonly kernels: { readonly [E in 'forward' | 'input' | 'weight']: Kernel }
  /** Whether it can run on this device. */
  serves(): boolean
  /** Whether it pays for so many channels of the result per group (and taps, for a weight). */
  pays?(channels: number, taps: number): boolean
  /** Whether its forward and input want the weights packed: see pack.wgsl. */
  readonly packs?: true
  /** By the channels of the result per group. */
  constants(channels: number): Constants
  /** For the images y (forward) or x (input). */
  image(shapes: Geometry, to: 'x' | 'y'): Work
  /** For the weight: its tiles, how many invocations each of them is, and the constants. */
  weight(shapes: Geometry): { tiles: number; invocations: number; constants?: Constants }
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
    fastestOn: 'mobile',
    serves: () => true,
    packs: true,
    constants: channels => ({ CHANNELS: blockOf(channels) }),
    image: imageOfBlocks,
    weight({ w, groups }) {
      const [o, taps] = [w[0] / groups, sizeOf(w.slice(1))]
      const tiles = Math.ceil(taps / 4) * Math.ceil(o / 8) * groups
      return { tiles, invocations: 1, constants: { CHANNELS: o > 4 ? 8 : 4 } }
    },
  },
  {
    name: 'tiled',
    // its tiles are of y, for the weight; the images are those of register
    kernels: {
      forward: convRegisterForwardKernel,
      input: convRegisterInputKernel,
      weight: convTiledWeightKernel,
    },
    fastestOn: 'gpu',
    serves: () => true,
    pays: channels => channels > 4, // it computes at least eight at a time
    packs: true,
    constants: channels => ({ CHANNELS: blockOf(channels) }),
    image: imageOfBlocks,
    weight({ w: [outputs, c, kh, kw], groups }) {
      const o = outputs / groups
      const [CHANNELS, PLANES] = [o > 8 ? 16 : 8, c > 1 ? 4 : 1]
      const lanes = Math.ceil(c / PLANES) * kh * kw
      const tiles = Math.ceil(lanes / 64) * Math.ceil(o / CHANNELS) * groups
      return { tiles, invocations: 64, constants: { CHANNELS, PLANES } }
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
      return { tiles, invocations: lanes, constants: { LANES: lanes, CHANNELS: o > 8 ? 16 : 8 } }
    },
  },
] as const satisfies readonly ConvRung[]
