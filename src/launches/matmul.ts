/** How a matrix product is computed. Knows strides, not gradients. */
import { adapterClass } from '../kernels/adapterclass.js'
import { matrixUnit } from '../kernels/device.js'
import { aligned, copy } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { collapse, sizeOf, stridesOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { partsOf, splitProduct } from './matmulparts.js'
import { type MatmulRung, matmulRungs, type Plan } from './rungs/matmul.js'
import { fastestFor, rungAndReason } from './rungs/rung.js'
import type { Variant } from './variants.js'

/** What may follow a product, in the same kernel, and which kernel computes it. */
export interface ProductOptions {
  /** [n] */
  bias?: Tensor | null
  /** The code of f: see activation.ts. */
  activation?: number
  variant?: Variant<'matmul'>
  /** Whether factors must stay f32 even where `init` was told to use matrix units. */
  exact?: boolean
  /** Where C is written: a view of f32 whose rows have neighbours in memory; else it is new. */
  into?: Tensor
  /** Into how many parts k is cut; without a batch only, and they must divide k. */
  parts?: number
}

/**
 * C = f(A B + bias).   A [..., m, k]   B [..., k, n], of equal batches   C [..., m, n]
 *
 * A and B may be views: kernels read them through their strides. C is contiguous, or `into`.
 */
export function matrixProduct(a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor {
  const { bias = null, activation = 0, exact, into, parts } = options
  const batch = a.shape.slice(0, -2)
  const [m, k] = a.shape.slice(-2)
  const n = b.shape.at(-1)!
  const shape = [...batch, m, n]
  const { variant = choose(a, b, into, exact) } = options
  const walk = collapse(
    batch,
    [a.strides, b.strides, into?.strides ?? stridesOf(shape)].map(strides => strides.slice(0, -2)),
  )
  // contiguous batches collapse to one dimension; kernels walk at most four
  if (walk.shape.length > 4) return matrixProduct(copy(a), copy(b), { ...options, variant })
  const isCut = (variant === 'vector' || variant === 'matrix') && batch.length === 0 && !into
  const cut = parts ?? (isCut ? partsOf(Math.ceil(m / 64) * Math.ceil(n / 64), k) : 1)
  if (cut > 1)
    return splitProduct(a, b, cut, { bias, activation }, (x, y) => matrixProduct(x, y, { variant }))
  const c = into ?? empty(shape, 'f32', 'matmul')
  const batches = sizeOf(batch)
  const blocks = (side: number) => batches * Math.ceil(m / side) * Math.ceil(n / side)
  const rung = matmulRungs.find(({ name }) => name === variant)!
  const { side, entry, constants, kernel }: Plan = rung.plan(a, b, blocks, into)
  const added = bias && aligned(bias)
  run(kernel ?? rung.kernel, {
    entry: entry as 'main', // some kernels have another
    constants: { ...constants, BIAS: added !== null, ACTIVATION: activation },
    params: {
      m,
      n,
      k,
      batches,
      batch_shape: padded(walk.shape, 1),
      A_batch: padded(walk.strides[0], 0),
      B_batch: padded(walk.strides[1], 0),
      C_batch: padded(walk.strides[2], 0),
      A_row: a.strides.at(-2)!,
      A_column: a.strides.at(-1)!,
      B_row: b.strides.at(-2)!,
      B_column: b.strides.at(-1)!,
      C_row: c.strides.at(-2)!,
    },
    tensors: { A: a, B: b, A4: a, B4: b, bias: added ?? b, C: c, C4: c },
    workgroups: blocks(side),
  })
  return c
}

function padded(list: readonly number[], fill: number): number[] {
  return [...new Array<number>(4 - list.length).fill(fill), ...list]
}

/** Up to so many multiply-adds the plain kernel is as fast as any, and compiles in no time. */
const small = 2 ** 17

function choose(a: Tensor, b: Tensor, into?: Tensor, exact = false): Variant<'matmul'> {
  const { rung, from } = rungAndReason<Named>('matmul', matmulRungs)
  const isSmall = a.size * b.shape.at(-1)! <= small
  if (matrixUnit() && !exact && !isSmall && from !== 'asked') return 'matrix'
  const usual = exact && rung.rounds ? fastestFor<Named>(matmulRungs, adapterClass()) : rung
  if (usual.serves(a, b, into)) return usual.name
  return isSmall ? 'plain' : 'register'
}

/** Whether `useVariants` asked for one of the kernels. */
export function isKernelAsked(): boolean {
  return rungAndReason<Named>('matmul', matmulRungs).from === 'asked'
}

type Named = MatmulRung & { readonly name: Variant<'matmul'> }
