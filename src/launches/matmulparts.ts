/** A product of few blocks and many terms: the terms in parts, side by side, then their sum. */
import { matmulTotalKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'
import { sumsAsOnCpu } from './parts.js'

const enough = 128 // workgroups, for all processors of a GPU to have some
const shortest = 64 // terms of a part: with fewer, loading takes longer than multiplying
const fewest = 4 // parts: with fewer, the launch that sums them takes longer than they save

/** Into how many parts of equal length to cut k terms of a product of so many blocks. */
export function partsOf(blocks: number, k: number): number {
  if (sumsAsOnCpu()) return 1 // one order of summation on all adapters
  let parts = Math.floor(Math.min(enough / blocks, k / shortest))
  while (parts >= fewest && k % (4 * parts) !== 0) parts--
  return parts >= fewest ? parts : 1
}

/**
 * C = f(A B + bias), the terms in so many parts, which divide k.   A [m, k]   B [k, n]
 *
 * `multiply` gives the products of a batch.
 */
export function splitProduct(
  a: Tensor,
  b: Tensor,
  parts: number,
  { bias, activation }: { bias: Tensor | null; activation: number },
  multiply: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  const [m, k] = a.shape
  const n = b.shape[1]
  const terms = k / parts
  const left = [terms * a.strides[1], ...a.strides]
  const right = [terms * b.strides[0], ...b.strides]
  const products = multiply(
    view(a, { shape: [parts, m, terms], strides: left }, a.op),
    view(b, { shape: [parts, terms, n], strides: right }, b.op),
  )
  const c = empty([m, n], 'f32', 'matmul')
  const added = bias && aligned(bias)
  run(matmulTotalKernel, {
    constants: { BIAS: added !== null, ACTIVATION: activation },
    params: { size: m * n, n, count: parts },
    tensors: { parts: products, bias: added ?? products, C: c },
    threads: m * n,
  })
  return c
}
