/** The staircase of convolution, forward. */
import { tensor } from '../../../src/index.js'
import { isSoftware } from '../../../src/kernels/device.js'
import { convForward } from '../../../src/launches/conv.js'
import type { Geometry } from '../../../src/launches/geometry.js'
import { type ConvRung, convRungs } from '../../../src/launches/rungs/conv.js'
import type { Variant } from '../../../src/launches/variants.js'
import { sizeOf } from '../../../src/tensor/shape.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { numbers } from '../../shell/numbers.js'
import { noSubgroups } from './matmul.js'
import type { Product, Step, Subject } from './subject.js'

const rungs: readonly ConvRung[] = convRungs

export const convSubject: Subject = {
  name: 'conv',
  title: 'Convolution',
  equation: 'y[n,o,oy,ox] = Σ w[o,c,ky,kx] x[n,c,iy,ix]',
  get steps() {
    const steps = rungs.map(
      (rung): Step => ({
        name: rung.name,
        kernel: rung.kernels.forward,
        missing: rung.serves() ? null : noSubgroups,
      }),
    )
    // rungs that differ in a gradient alone have one forward kernel
    return steps.filter(({ kernel }, i) => i === steps.findIndex(step => step.kernel === kernel))
  },
  counted() {
    const shapes = geometry({ images: 4, c: 4, size: 8, o: 8, stride: 1 })
    const [x, w] = tensors(shapes, 1)
    const [images, c, h, width] = shapes.x
    const [o, taps] = [shapes.w[0], sizeOf(shapes.w.slice(1))]
    const inX = { name: 'x', planes: images * c, rows: h, columns: width }
    return {
      product: product(x, w, shapes),
      multiplyAdds: termsIn(shapes),
      sizes: `x is [${shapes.x.join(', ')}], w is [${shapes.w.join(', ')}]`,
      result: { name: 'y', planes: images * o, rows: shapes.y[2], columns: shapes.y[3] },
      read(name) {
        const packed = rungs.find(rung => rung.name === name)!.packs
        const [rows, columns] = packed ? [taps, o] : [o, taps]
        return [inX, { name: 'w', planes: 1, rows, columns }]
      },
    }
  },
  products() {
    return [1, 2].map(stride => {
      const shapes = geometry({ images: 5, c: 3, size: 7, o: 9, stride })
      return product(...tensors(shapes, 2 + stride), shapes)
    })
  },
  timed() {
    const small = { images: 4, c: 16, size: 14, o: 16, stride: 1 }
    const large = { images: 64, c: 32, size: 28, o: 32, stride: 1 }
    const shapes = geometry(isSoftware() ? small : large)
    const [x, w] = tensors(shapes, 6)
    return {
      run: convolve(x, w, shapes),
      multiplyAdds: termsIn(shapes),
      sizes: `x [${shapes.x.join(', ')}], w [${shapes.w.join(', ')}]`,
    }
  },
}

interface Sizes {
  readonly images: number
  readonly c: number
  /** Rows and columns of an image. */
  readonly size: number
  readonly o: number
  readonly stride: number
}

/** Windows of 3 × 3, with a padding of 1. */
function geometry({ images, c, size, o, stride }: Sizes): Geometry {
  const out = Math.floor((size - 1) / stride) + 1
  return {
    x: [images, c, size, size],
    y: [images, o, out, out],
    w: [o, c, 3, 3],
    stride: [stride, stride],
    padding: [1, 1],
    dilation: [1, 1],
    groups: 1,
  }
}

function tensors({ x, w }: Geometry, seed: number): [x: Tensor, w: Tensor] {
  return [
    tensor(numbers(sizeOf(x), seed), { shape: x }),
    tensor(numbers(sizeOf(w), seed + 10), { shape: w }),
  ]
}

function convolve(x: Tensor, w: Tensor, shapes: Geometry): (rung: string) => Tensor {
  return rung => convForward(x, w, shapes, {}, rung as Variant<'conv'>)
}

/** Calls f once per multiply-add, with the positions of y, w and x. */
function each(shapes: Geometry, f: (y: number, w: number, x: number) => void): void {
  const [images, c, h, width] = shapes.x
  const [, o, oh, ow] = shapes.y
  const [stride] = shapes.stride
  for (let at = 0; at < sizeOf(shapes.y); at++) {
    const [ox, oy] = [at % ow, Math.floor(at / ow) % oh]
    const [out, image] = [Math.floor(at / (ow * oh)) % o, Math.floor(at / (ow * oh * o))]
    if (image >= images) return
    for (let tap = 0; tap < 9 * c; tap++) {
      const [kx, ky, channel] = [tap % 3, Math.floor(tap / 3) % 3, Math.floor(tap / 9)]
      const [iy, ix] = [oy * stride - 1 + ky, ox * stride - 1 + kx]
      if (iy < 0 || iy >= h || ix < 0 || ix >= width) continue
      f(at, out * 9 * c + tap, ((image * c + channel) * h + iy) * width + ix)
    }
  }
}

function termsIn(shapes: Geometry): number {
  let count = 0
  each(shapes, () => count++)
  return count
}

function product(x: Tensor, w: Tensor, shapes: Geometry): Product {
  return {
    name: `y, with a stride of ${shapes.stride[0]}`,
    run: convolve(x, w, shapes),
    terms: sizeOf(shapes.w.slice(1)),
    async want() {
      const [X, W] = [await x.data(), await w.data()]
      const [y, size] = [0, 0].map(() => new Float64Array(sizeOf(shapes.y)))
      each(shapes, (at, inW, inX) => {
        y[at] += W[inW] * X[inX]
        size[at] += Math.abs(W[inW] * X[inX])
      })
      return { y, size }
    },
  }
}
