/** The kernels of the matrix product, plainest first. A new one is a .wgsl file and a row. */
import { device, matrixUnit, subgroupSize } from '../../kernels/device.js'
import type { Kernel } from '../../kernels/kernel.js'
import {
  matmulMatrixKernel,
  matmulPlainKernel,
  matmulRegisterKernel,
  matmulSubgroupKernel,
  matmulTextbookKernel,
  matmulTiledKernel,
  matmulVectorKernel,
} from '../../kernels/wgsl.js'
import type { Tensor } from '../../tensor/tensor.js'
import { onUnit } from '../matrixunit.js'
import type { Rung } from './rung.js'

/** The block of C that a workgroup computes, and what the kernel is compiled with. */
export interface Plan {
  /** Rows and columns. */
  readonly side: number
  /** `main` unless given. */
  readonly entry?: string
  /** The kernel in the sizes of this device, if it is written for some. */
  readonly kernel?: typeof matmulMatrixKernel
  readonly constants?: {
    readonly TILE?: number
    readonly WORKGROUP?: number
    readonly LANES?: number
    readonly A_ALONG_K?: boolean
    readonly B_ALONG_K?: boolean
    readonly VECTORS?: boolean
  }
}

export interface MatmulRung extends Rung {
  readonly kernel: Kernel
  /** Whether it rounds factors: then it is used only where `init` was told so. */
  readonly rounds?: true
  /** Whether it can compute A B on this device; `into` is where it goes unless that is new. */
  serves(a: Tensor, b: Tensor, into?: Tensor): boolean
  /** `blocks(side)` is how many blocks of that side C has. */
  plan(a: Tensor, b: Tensor, blocks: (side: number) => number, into?: Tensor): Plan
}

/** With fewer blocks than this, tiles are smaller: more of a GPU's processors then have some. */
const few = 128

/** Bytes of workgroup memory that tiles of 128 take in matmul/vector: more than every GPU has. */
const wide = 2 * (128 / 4) * 17 * 16
const hasRoom = (bytes: number) => device().limits.maxComputeWorkgroupStorageSize >= bytes

export const matmulRungs = [
  { name: 'plain', kernel: matmulPlainKernel, serves: () => true, plan: () => ({ side: 8 }) },
  {
    name: 'textbook',
    kernel: matmulTextbookKernel,
    serves: () => true,
    plan: () => ({ side: 16 }),
  },
  {
    name: 'register',
    kernel: matmulRegisterKernel,
    serves: () => true,
    plan: () => ({ side: 64 }),
  },
  {
    name: 'tiled',
    kernel: matmulTiledKernel,
    fastestOn: 'mobile',
    serves: () => true,
    plan(_a, _b, blocks) {
      const side = blocks(64) < few ? 32 : 64
      return { side, constants: { TILE: side, WORKGROUP: (side / 4) ** 2 } }
    },
  },
  {
    name: 'vector',
    kernel: matmulVectorKernel,
    fastestOn: 'gpu',
    serves: () => true,
    plan(a, b, blocks, into) {
      const side = blocks(128) < few || !hasRoom(wide) ? 64 : 128
      const VECTORS = isInVectors(a, b, into)
      return { side, constants: { TILE: side, WORKGROUP: (side / 8) ** 2, VECTORS, ...ways(a, b) } }
    },
  },
  {
    name: 'subgroup',
    kernel: matmulSubgroupKernel,
    fastestOn: 'cpu',
    // `single` compiles for longer than it saves in small products, and with a fused tanh it does
    // not get through the compiler of SwiftShader, whose size is 4
    serves: (a: Tensor, b: Tensor, into?: Tensor) =>
      areInVectors(a, b, into)
        ? [4, 8].includes(subgroupSize())
        : subgroupSize() === 8 && a.size * b.shape.at(-1)! >= 2 ** 20,
    plan(a, b, _blocks, into) {
      const VECTORS = areInVectors(a, b, into)
      return {
        side: 32,
        entry: VECTORS ? 'main' : 'single',
        constants: { LANES: subgroupSize(), VECTORS, ...ways(a, b) },
      }
    },
  },
  {
    name: 'matrix',
    kernel: matmulMatrixKernel,
    rounds: true,
    serves: () => matrixUnit() !== null,
    plan(a, b, _blocks, into) {
      const { pinned, workgroup } = matrixUnit()!
      const lanes = pinned ? { LANES: pinned } : {}
      const VECTORS = isInVectors(a, b, into)
      return {
        side: 64,
        kernel: onUnit(matmulMatrixKernel),
        constants: { ...lanes, WORKGROUP: workgroup, VECTORS, ...ways(a, b) },
      }
    },
  },
] as const satisfies readonly MatmulRung[]

/** Whether neighbours in memory are neighbours along k, in A and in B. */
function ways(a: Tensor, b: Tensor): { A_ALONG_K: boolean; B_ALONG_K: boolean } {
  return { A_ALONG_K: a.strides.at(-1) === 1, B_ALONG_K: b.strides.at(-1) !== 1 }
}

/** Whether all of A, B and C, also along k, come in fours. */
function areInVectors(a: Tensor, b: Tensor, into?: Tensor): boolean {
  return a.shape.at(-1)! % 4 === 0 && isInVectors(a, b, into)
}

/** Whether A, B and the rows of C can be loaded and stored four numbers at a time. */
function isInVectors(a: Tensor, b: Tensor, into?: Tensor): boolean {
  return b.shape.at(-1)! % 4 === 0 && [a, b].every(isInFours) && (!into || isInFours(into))
}

/** Whether the rows or the columns of a matrix can be loaded four numbers at a time. */
function isInFours({ strides, offset }: Tensor): boolean {
  const [row, column] = strides.slice(-2)
  const others = [offset, ...strides.slice(0, -2)]
  const along = column === 1 ? row : row === 1 ? column : 1
  return [along, ...others].every(step => step % 4 === 0)
}
