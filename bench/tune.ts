/** Which kernel of each family is the fastest on this machine, over the sizes that the models use. */

import type { Family, Variants } from '../src/kernels/variants.js'
import {
  convKernels,
  forward,
  type Geometry,
  input,
  servesConv,
  weight,
} from '../src/launches/conv.js'
import { affineGradients, affineKernels, servesAffine } from '../src/launches/linear.js'
import { gemm, gemmKernels, serves } from '../src/launches/matmul.js'
import { rand, scope, type Tensor, zeros } from '../src/node.js'
import { sideBySide } from '../src/tensor/contiguous.js'
import { time } from './clock.js'

/** A kernel, and what it takes for the family's work; null where the device cannot run it. */
export interface Tried {
  readonly family: Family
  readonly kernel: string
  readonly ms: number | null
}

/** Measures every kernel. Those of a family take turns, so that a busy moment hits them all. */
export async function tune(tried: (result: Tried) => void): Promise<Variants> {
  const works: Record<Family, Record<string, (() => void) | null>> = {
    matmul: products(),
    linear: layers(),
    conv: convolutions(),
  }
  const best: Record<string, string> = {}
  for (const [family, kernels] of Object.entries(works) as [Family, (typeof works)[Family]][]) {
    const times = new Map<string, number>()
    for (let round = 0; round < 5; round++)
      for (const [kernel, work] of Object.entries(kernels)) {
        if (!work) continue
        if (round === 0) await time(() => scope(work)) // compiles
        const { wall } = await time(() => scope(work))
        times.set(kernel, Math.min(wall, times.get(kernel) ?? Infinity))
      }
    for (const kernel of Object.keys(kernels))
      tried({ family, kernel, ms: times.get(kernel) ?? null })
    best[family] = [...times].sort(([, a], [, b]) => a - b)[0][0]
  }
  return best as unknown as Variants
}

const batch = 128
const widths = [
  [784, 128],
  [128, 64],
  [64, 128],
  [128, 784],
] as const

function products(): Record<string, (() => void) | null> {
  const pairs = [[256, 256, 256] as const, ...widths.map(([k, n]) => [batch, k, n] as const)].map(
    ([m, k, n]): [Tensor, Tensor] => [rand([m, k]), rand([k, n])],
  )
  return table(gemmKernels, kernel =>
    pairs.every(([a, b]) => serves(kernel, a, b))
      ? () => {
          for (const [a, b] of pairs) gemm(a, b, { kernel })
        }
      : null,
  )
}

function layers(): Record<string, (() => void) | null> {
  const all = widths.map(([inputs, outputs]) => ({
    x: rand([batch, inputs], { requiresGrad: true }),
    w: rand([outputs, inputs], { requiresGrad: true }),
    b: rand([outputs], { requiresGrad: true }),
    dy: rand([batch, outputs]),
  }))
  return table(affineKernels, kernel =>
    all.every(({ x, w }) => servesAffine(kernel, x, w))
      ? () => {
          for (const layer of all)
            affineGradients(layer, 1, sideBySide('linear', layer.w.shape, layer.b.shape), kernel)
        }
      : null,
  )
}

function convolutions(): Record<string, (() => void) | null> {
  const shapes: Geometry = {
    x: [batch, 8, 15, 15],
    y: [batch, 16, 5, 5],
    w: [16, 8, 5, 5],
    stride: [3, 3],
    padding: [1, 1],
    dilation: [1, 1],
    groups: 1,
  }
  const [x, y, w] = [shapes.x, shapes.y, shapes.w].map(shape => rand(shape))
  const dw = zeros(shapes.w)
  return table(convKernels, kernel =>
    servesConv(kernel)
      ? () => {
          forward(x, w, shapes, {}, kernel)
          input(y, w, shapes, {}, kernel)
          weight(x, y, shapes, { dw, biasOf: 'y' }, kernel)
        }
      : null,
  )
}

function table<K extends string>(
  kernels: readonly K[],
  work: (kernel: K) => (() => void) | null,
): Record<string, (() => void) | null> {
  return Object.fromEntries(kernels.map(kernel => [kernel, work(kernel)]))
}
