/** The kernels of a layer's gradients, plainest first. A new one is a .wgsl file and a row. */
import { subgroupSize } from '../../kernels/device.js'
import type { Kernel } from '../../kernels/kernel.js'
import {
  linearPlainKernel,
  linearRegisterKernel,
  linearSubgroupKernel,
  linearTiledKernel,
  linearVectorKernel,
} from '../../kernels/wgsl.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Rung } from './rung.js'

export interface LinearRung extends Rung {
  readonly kernel: Kernel
  /** Rows and columns of dx and of dW per block. */
  readonly side: number
  /** Whether a block is computed by an invocation or by a workgroup. */
  readonly blockPer: 'invocation' | 'workgroup'
  /** Whether it can compute these gradients on this device. */
  serves(x: Tensor, w: Tensor): boolean
  /** Blocks that compute db alone; none where the blocks of dW do it. */
  biasBlocks?(outputs: number): number
  constants?(x: Tensor, w: Tensor): Readonly<Record<string, number | boolean>>
}

export const linearRungs = [
  {
    name: 'plain',
    kernel: linearPlainKernel,
    side: 1,
    blockPer: 'invocation',
    serves: () => true,
    biasBlocks: outputs => outputs,
  },
  {
    name: 'register',
    kernel: linearRegisterKernel,
    fastestOn: 'mobile',
    side: 4,
    blockPer: 'invocation',
    serves: () => true,
  },
  {
    name: 'tiled',
    kernel: linearTiledKernel,
    side: 32,
    blockPer: 'workgroup',
    serves: () => true,
  },
  {
    name: 'vector',
    kernel: linearVectorKernel,
    fastestOn: 'gpu',
    side: 64,
    blockPer: 'workgroup',
    serves: () => true,
    constants: (x, w) => ({ TILE: 64, WORKGROUP: 64, VECTORS: isInFours(x, w) }),
  },
  {
    name: 'subgroup',
    kernel: linearSubgroupKernel,
    fastestOn: 'cpu',
    side: 32,
    blockPer: 'workgroup',
    serves: (x, w) => [4, 8].includes(subgroupSize()) && x.size > 0 && isInFours(x, w),
    biasBlocks: outputs => Math.ceil(outputs / (4 * subgroupSize())),
    constants: () => ({ LANES: subgroupSize() }),
  },
] as const satisfies readonly LinearRung[]

/** Whether inputs and outputs are multiples of 4. */
function isInFours(x: Tensor, w: Tensor): boolean {
  return x.shape[1] % 4 === 0 && w.shape[0] % 4 === 0
}
