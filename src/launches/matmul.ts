/** How a matrix product is computed: the launches behind `matmul`. Knows strides, not gradients. */
import { subgroupSize } from '../kernels/device.js'
import { launch } from '../kernels/launch.js'
import { families, type Variant, variantOf } from '../kernels/variants.js'
import { aligned, copy } from '../tensor/contiguous.js'
import { collapse, sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** The kernels that compute a product, from the plainest to the fastest. */
export const gemmKernels = families.matmul
export type GemmKernel = Variant<'matmul'>

/** Rows and columns of C that a workgroup computes. */
const tile = { matmul: 8, matmul_tiled: 64, matmul_register: 64, matmul_subgroup: 32 } as const
/** With fewer blocks than this matmul_tiled takes smaller ones, so that more of a GPU's processors have some. */
const few = 128

/** What may follow a product, in the same kernel, and by which kernel it is computed. */
export interface GemmOptions {
  /** [n] */
  bias?: Tensor | null
  /** f's number: see activation.ts. */
  activation?: number
  kernel?: GemmKernel
}

/** C = f(A B + bias) for A [..., m, k] and B [..., k, n] of equal batches. Both may be views; C is contiguous. */
export function gemm(
  a: Tensor,
  b: Tensor,
  { bias = null, activation = 0, kernel = choose(a, b) }: GemmOptions = {},
): Tensor {
  const batch = a.shape.slice(0, -2)
  const [m, k] = a.shape.slice(-2)
  const n = b.shape.at(-1)!
  const walk = collapse(batch, [a.strides.slice(0, -2), b.strides.slice(0, -2)])
  if (walk.shape.length > 4) return gemm(copy(a), copy(b), { bias, activation, kernel }) // contiguous batches collapse to one
  const c = empty([...batch, m, n], 'f32', 'matmul')
  const padded = (list: readonly number[], fill: number) => [
    ...new Array(4 - list.length).fill(fill),
    ...list,
  ]
  const batches = sizeOf(batch)
  const [aRow, aColumn, bRow, bColumn] = [...a.strides.slice(-2), ...b.strides.slice(-2)]
  const params = {
    m,
    n,
    k,
    batches,
    batch_shape: padded(walk.shape, 1),
    a_batch: padded(walk.strides[0], 0),
    b_batch: padded(walk.strides[1], 0),
    a_offset: a.offset,
    a_row: aRow,
    a_column: aColumn,
    b_offset: b.offset,
    b_row: bRow,
    b_column: bColumn,
  }
  const plain = { A: a.storage.lease, B: b.storage.lease, C: c.storage.lease }
  const blocks = (side: number) => batches * Math.ceil(m / side) * Math.ceil(n / side)
  const workgroups = blocks(tile[kernel])
  const added = bias && aligned(bias)
  const fused = { ...params, bias_offset: added?.offset ?? 0 }
  const buffers = { ...plain, bias: (added ?? b).storage.lease }
  const constants = { BIAS: added !== null, ACTIVATION: activation }
  if (kernel === 'matmul' || kernel === 'matmul_register')
    launch(kernel, { entry: 'main', constants, params: fused, buffers, workgroups })
  else if (kernel === 'matmul_tiled') {
    const side = workgroups < few ? 32 : 64
    const all = { TILE: side, WORKGROUP: (side / 4) ** 2, ...constants }
    const count = blocks(side)
    launch(kernel, { entry: 'main', constants: all, params: fused, buffers, workgroups: count })
  } else {
    const along = { A_ALONG_K: aColumn === 1, B_ALONG_K: bColumn !== 1 }
    const all = { LANES: subgroupSize(), ...along, ...constants }
    launch(kernel, { entry: 'main', constants: all, params: fused, buffers, workgroups })
  }
  return c
}

/** Whether a kernel can compute this product on this device. */
export function serves(kernel: GemmKernel, a: Tensor, b: Tensor): boolean {
  if (kernel !== 'matmul_subgroup') return true
  const k = a.shape.at(-1)!
  const n = b.shape.at(-1)!
  return [4, 8].includes(subgroupSize()) && k % 4 === 0 && n % 4 === 0 && inVec4s(a) && inVec4s(b)
}

/** Up to so many multiply-adds the plain kernel is as good as any, and drivers compile it in no time. */
const small = 2 ** 17

function choose(a: Tensor, b: Tensor): GemmKernel {
  const wanted = variantOf('matmul')
  if (serves(wanted, a, b)) return wanted
  return a.size * b.shape.at(-1)! <= small ? 'matmul' : 'matmul_register'
}

/** Whether the rows or the columns of each matrix can be loaded four numbers at a time. */
function inVec4s({ strides, offset }: Tensor): boolean {
  const [row, column] = strides.slice(-2)
  const others = [offset, ...strides.slice(0, -2)]
  const along = column === 1 ? row : row === 1 ? column : 1
  return [along, ...others].every(step => step % 4 === 0)
}
