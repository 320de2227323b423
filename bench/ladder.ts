/** The same work by one kernel after the other, from the plainest on: each adds one idea. */
import { convForward } from '../src/launches/conv.js'
import type { Geometry } from '../src/launches/geometry.js'
import { linearGradients } from '../src/launches/linear.js'
import { matrixProduct } from '../src/launches/matmul.js'
import { families, type Variant } from '../src/launches/variants.js'
import { rand, zeros } from '../src/node.js'
import { sideBySide } from '../src/tensor/contiguous.js'
import { type Sizes, taps, termsOf } from './convterms.js'
import { layer, offGradients } from './linear.js'
import { forwardBound, off, productBound } from './matmul.js'
import { distance } from './reference.js'
import type { Row } from './row.js'

/** Kernels that this device cannot run are left out. */
export function ladder(): Row[] {
  const square = zeros([n, n])
  const [x, w] = layer(inputs, outputs, batch)
  return [
    ...families.matmul.filter(({ serves }) => serves(square, square)).map(product),
    ...families.linear.filter(({ serves }) => serves(x, w)).map(gradients),
    ...families.conv.filter(({ serves }) => serves()).map(convolution),
  ]
}

const n = 512

function product({ name: variant }: { name: Variant<'matmul'> }): Row {
  return {
    name: `ladder/matmul/${n}x${n}x${n}/${variant}`,
    flops: 2 * n ** 3,
    bytes: 12 * n ** 2,
    async prepare() {
      const [a, b] = [rand([n, n]), rand([n, n])]
      const multiply = () => matrixProduct(a, b, { variant })
      const error = await off(a, b, multiply())
      return { work: () => void multiply(), error, bound: forwardBound() }
    },
  }
}

const [batch, inputs, outputs] = [128, 784, 128]

function gradients({ name: variant }: { name: Variant<'linear'> }): Row {
  return {
    name: `ladder/linear/${inputs}-${outputs}/b${batch}/${variant}`,
    flops: 4 * batch * inputs * outputs,
    bytes: 4 * (2 * batch * inputs + 2 * inputs * outputs + outputs + batch * outputs),
    async prepare() {
      const [x, w, b] = layer(inputs, outputs, batch, true)
      const dy = rand([batch, outputs]).sub(0.5)
      const into = sideBySide('linear', w.shape, b.shape)
      const work = () => linearGradients(x, w, dy, { dx: true, into, behind: 0 }, variant)
      const error = await offGradients({ x, w, dy }, [work(), ...into])
      return { work: () => void work(), error, bound: productBound }
    },
  }
}

const sizes: Sizes = { batch: 32, c: 16, o: 16, side: 14, to: 14, k: 3, stride: 1, padding: 1 }

function convolution({ name: variant }: { name: Variant<'conv'> }): Row {
  const { c, o, side, to, k, stride, padding } = sizes
  const shapes: Geometry = {
    x: [sizes.batch, c, side, side],
    y: [sizes.batch, o, to, to],
    w: [o, c, k, k],
    stride: [stride, stride],
    padding: [padding, padding],
    dilation: [1, 1],
    groups: 1,
  }
  return {
    name: `ladder/conv/${c}x${side}x${side}-${o}x${to}x${to}/k${k}/b${sizes.batch}/${variant}`,
    flops: 2 * sizes.batch * c * o * taps(sizes) ** 2,
    bytes: 4 * (sizes.batch * (c * side ** 2 + o * to ** 2) + c * o * k ** 2),
    async prepare() {
      const [x, w] = [rand(shapes.x), rand(shapes.w)]
      const convolve = () => convForward(x, w, shapes, {}, variant)
      const [X, W, Y] = [await x.data(), await w.data(), await convolve().data()]
      const error = distance(Y.length, at => ({
        got: Y[at],
        terms: termsOf('y', at, { x: X, y: Y, w: W }, sizes),
      }))
      return { work: () => void convolve(), error, bound: productBound }
    },
  }
}
