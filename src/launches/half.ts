/** How a layer with weights in half precision is computed, and how weights are packed. */
import { isSoftware } from '../kernels/device.js'
import { halfPackKernel, halfTiledKernel } from '../kernels/wgsl.js'
import { aligned, compact } from '../tensor/contiguous.js'
import { noteHalves } from '../tensor/halves.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { linearForward } from './linear.js'
import { linearOfFew } from './linearoffew.js'

/** Words per row: two numbers each, and a whole number of vec2u. */
export function wordsFor(columns: number): number {
  return 2 * Math.ceil(columns / 4)
}

/** words ← w, each number rounded to the nearest half.   w [rows, columns] */
export function packHalves(w: Tensor, words: Tensor): void {
  run(halfPackKernel, {
    entry: 'pack',
    params: { n: words.size, columns: w.shape[1] },
    tensors: { w: compact(w), words },
    threads: words.size,
  })
}

/** w [rows, columns] from words, without loss. */
export function unpackHalves(packed: Tensor, columns: number): Tensor {
  const unpacked = empty([packed.shape[0], columns], 'f32', 'halve')
  run(halfPackKernel, {
    entry: 'unpack',
    params: { n: packed.size, columns },
    tensors: { packed, unpacked },
    threads: packed.size,
  })
  noteHalves(unpacked)
  return unpacked
}

/**
 * y[n,o] = f(Σᵢ x[n,i] W[o,i] + b[o]).   x [rows, inputs]   W [outputs, words]   b [outputs]
 *
 * Up to four rows reading W is all that counts. For more, a CPU has no use for tiles in workgroup
 * memory: it unpacks W, and multiplies as ever. The order of the sums is the same.
 *
 * `way` and `together` are given by tests alone.
 */
export function halfForward(
  x: Tensor,
  W: Tensor,
  bias: Tensor | null,
  activation: number,
  way: 'few' | 'tiled' | 'product' = x.shape[0] <= 4 ? 'few' : isSoftware() ? 'product' : 'tiled',
  together?: boolean,
): Tensor {
  const [rows, inputs] = x.shape
  const [outputs] = W.shape
  if (way === 'few') return linearOfFew(x, W, bias, activation, together)
  if (way === 'product') return linearForward(x, unpackHalves(W, inputs), bias, activation, true)
  const y = empty([rows, outputs], 'f32', 'halfLinear')
  const [A, b] = [aligned(x), bias && aligned(bias)]
  const VECTORS = inputs % 4 === 0 && outputs % 4 === 0
  run(halfTiledKernel, {
    constants: {
      BIAS: b !== null,
      ACTIVATION: activation,
      VECTORS,
      TILE: 64,
      WORKGROUP: 64,
    },
    params: { m: rows, n: outputs, k: inputs, A_column: 1, C_row: outputs },
    tensors: { A, A4: A, W, bias: b ?? A, C: y },
    workgroups: Math.ceil(rows / 64) * Math.ceil(outputs / 64),
  })
  return y
}
