/** The work on which kernels are compared: products and convolutions of the models' sizes. */
import { convForward, convInput } from '../launches/conv.js'
import { convWeight } from '../launches/convweight.js'
import type { Geometry } from '../launches/geometry.js'
import { linearGradients } from '../launches/linear.js'
import { matrixProduct } from '../launches/matmul.js'
import { type Family, families } from '../launches/variants.js'
import { sideBySide } from '../tensor/contiguous.js'
import { full } from '../tensor/create.js'
import { unscoped } from '../tensor/lifetime.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Works } from './measure.js'

/** The works of all families, and what frees their inputs. */
export function works(): { of: Readonly<Record<Family, Works>>; release(): void } {
  const inputs: Tensor[] = []
  // not of the random stream, which is the program's; and of no scope of the program
  const input: Input = shape => {
    const made = unscoped(full(shape, 0.5))
    inputs.push(made)
    return made
  }
  const of = { matmul: products(input), linear: gradients(input), conv: convolutions(input) }
  return { of, release: () => inputs.forEach(one => void one.dispose()) }
}

type Input = (shape: readonly number[]) => Tensor

const batch = 128
const widths = [
  [784, 128],
  [128, 64],
  [64, 128],
  [128, 784],
] as const

function products(input: Input): Works {
  const sizes = [[256, 256, 256] as const, ...widths.map(([k, n]) => [batch, k, n] as const)]
  const pairs = sizes.map(([m, k, n]) => [input([m, k]), input([k, n])])
  return Object.fromEntries(
    families.matmul.map(({ name: variant, serves, ...rung }) => [
      variant,
      !('rounds' in rung) && pairs.every(([a, b]) => serves(a, b))
        ? () => pairs.forEach(([a, b]) => void matrixProduct(a, b, { variant }))
        : null,
    ]),
  )
}

function gradients(input: Input): Works {
  const layers = widths.map(([inputs, outputs]) => ({
    x: input([batch, inputs]),
    w: input([outputs, inputs]),
    dy: input([batch, outputs]),
    shapes: [[outputs, inputs], [outputs]],
  }))
  return Object.fromEntries(
    families.linear.map(({ name: variant, serves }) => [
      variant,
      layers.every(({ x, w }) => serves(x, w))
        ? () => {
            for (const { x, w, dy, shapes } of layers) {
              const into = sideBySide('linear', ...shapes)
              linearGradients(x, w, dy, { dx: true, into, behind: 1 }, variant)
            }
          }
        : null,
    ]),
  )
}

function convolutions(input: Input): Works {
  const shapes: Geometry = {
    x: [batch, 8, 15, 15],
    y: [batch, 16, 5, 5],
    w: [16, 8, 5, 5],
    stride: [3, 3],
    padding: [1, 1],
    dilation: [1, 1],
    groups: 1,
  }
  const [x, y, w, dw] = [shapes.x, shapes.y, shapes.w, shapes.w].map(input)
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
