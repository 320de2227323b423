/** Which kernel of each family is the fastest on this machine, over the sizes that the models use. */
import { convForward, convInput } from '../src/launches/conv.js'
import { convWeight } from '../src/launches/convweight.js'
import type { Geometry } from '../src/launches/geometry.js'
import { linearGradients } from '../src/launches/linear.js'
import { matrixProduct } from '../src/launches/matmul.js'
import { type Family, families, type Variants } from '../src/launches/variants.js'
import { rand, scope, zeros } from '../src/node.js'
import { sideBySide } from '../src/tensor/contiguous.js'
import { time } from './clock.js'
import { layer } from './linear.js'

/** A kernel, and its time for the family's work; null where the device cannot run it. */
export interface Tried {
  readonly family: Family
  readonly variant: string
  readonly ms: number | null
}

/** The work of a family by each of its kernels; null where the device cannot run it. */
type Works = Record<string, (() => void) | null>

/** Measures every kernel. Those of a family alternate, so that a busy moment hits them all. */
export async function tune(tried: (result: Tried) => void): Promise<Variants> {
  const all: Record<Family, Works> = {
    matmul: products(),
    linear: gradients(),
    conv: convolutions(),
  }
  const best: Record<string, string> = {}
  for (const [family, works] of Object.entries(all) as [Family, Works][]) {
    const times = new Map<string, number>()
    for (let round = 0; round < 5; round++)
      for (const [variant, work] of Object.entries(works)) {
        if (!work) continue
        if (round === 0) await time(() => scope(work)) // compiles
        const { wall } = await time(() => scope(work))
        times.set(variant, Math.min(wall, times.get(variant) ?? Infinity))
      }
    for (const variant of Object.keys(works))
      tried({ family, variant, ms: times.get(variant) ?? null })
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

function products(): Works {
  const sizes = [[256, 256, 256] as const, ...widths.map(([k, n]) => [batch, k, n] as const)]
  const pairs = sizes.map(([m, k, n]) => [rand([m, k]), rand([k, n])])
  return Object.fromEntries(
    families.matmul.map(({ name: variant, serves }) => [
      variant,
      pairs.every(([a, b]) => serves(a, b))
        ? () => pairs.forEach(([a, b]) => void matrixProduct(a, b, { variant }))
        : null,
    ]),
  )
}

function gradients(): Works {
  const layers = widths.map(([inputs, outputs]) => {
    const [x, w, b] = layer(inputs, outputs, batch, true)
    return { x, w, b, dy: rand([batch, outputs]) }
  })
  const into = layers.map(({ w, b }) => sideBySide('linear', w.shape, b.shape))
  return Object.fromEntries(
    families.linear.map(({ name: variant, serves }) => [
      variant,
      layers.every(({ x, w }) => serves(x, w))
        ? () => {
            for (const [i, { x, w, dy }] of layers.entries())
              linearGradients(x, w, dy, { dx: true, into: into[i], behind: 1 }, variant)
          }
        : null,
    ]),
  )
}

function convolutions(): Works {
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
  return Object.fromEntries(
    families.conv.map(({ name: variant, serves }) => [
      variant,
      serves()
        ? () => {
            convForward(x, w, shapes, {}, variant)
            convInput(y, w, shapes, {}, variant)
            convWeight(x, y, shapes, { dw, biasOf: 'y' }, variant)
          }
        : null,
    ]),
  )
}
