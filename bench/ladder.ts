/** The same product, and the same convolution, by one kernel after the other, from the plainest on: one idea a rung. */

import { convKernels, forward, type Geometry, servesConv } from '../src/launches/conv.js'
import { gemm, gemmKernels, serves } from '../src/launches/matmul.js'
import { rand, type Tensor, zeros } from '../src/node.js'
import { type Sizes, taps, termsOf } from './convterms.js'
import { direct } from './direct.js'
import { off, productBound } from './matmul.js'
import { distance } from './reference.js'
import type { Row } from './row.js'

/** Rungs that this device cannot climb are left out. */
export function ladder(): Row[] {
  return [...products(), ...convolutions()]
}

const n = 512

const names = {
  matmul: 'naive',
  matmul_tiled: 'tiled-register',
  matmul_register: 'register',
  matmul_subgroup: 'subgroup',
} as const

function products(): Row[] {
  const square = zeros([n, n])
  const [naive, ...better] = gemmKernels
    .filter(kernel => serves(kernel, square, square))
    .map(kernel => product(names[kernel], (a, b) => () => gemm(a, b, { kernel })))
  return [naive, product('tiled', tiled), ...better]
}

function product(rung: string, by: (a: Tensor, b: Tensor) => () => Tensor): Row {
  return {
    name: `ladder/matmul/${n}x${n}x${n}/${rung}`,
    flops: 2 * n ** 3,
    bytes: 12 * n ** 2,
    async prepare() {
      const [a, b] = [rand([n, n]), rand([n, n])]
      const multiply = by(a, b)
      return {
        work: () => void multiply(),
        error: await off(a, b, multiply()),
        bound: productBound,
      }
    },
  }
}

/** The textbook's tile in workgroup memory, a kernel of the benchmark alone. */
function tiled(a: Tensor, b: Tensor): () => Tensor {
  const c = zeros([n, n])
  const size = { u32: n }
  const run = direct('matmul_tiled', {
    params: [size, size, size],
    buffers: { 1: a, 2: b, 3: c },
    workgroups: [n / 16, n / 16],
  })
  return () => {
    run()
    return c
  }
}

const sizes: Sizes = { batch: 32, c: 16, o: 16, side: 14, to: 14, k: 3, stride: 1, padding: 1 }

function convolutions(): Row[] {
  return [
    convolution('naive', naive),
    ...convKernels
      .filter(servesConv)
      .map(kernel =>
        convolution(
          kernel === 'conv' ? 'register' : 'subgroup',
          (x, w) => () => forward(x, w, geometry(x, w), {}, kernel),
        ),
      ),
  ]
}

function geometry(x: Tensor, w: Tensor): Geometry {
  const { batch, o, to, stride, padding } = sizes
  const pairs = { stride: [stride, stride], padding: [padding, padding], dilation: [1, 1] } as const
  return { x: x.shape, y: [batch, o, to, to], w: w.shape, ...pairs, groups: 1 }
}

function convolution(rung: string, by: (x: Tensor, w: Tensor) => () => Tensor): Row {
  const { batch, c, o, side, to, k } = sizes
  return {
    name: `ladder/conv/${c}x${side}x${side}-${o}x${to}x${to}/k${k}/b${batch}/${rung}`,
    flops: 2 * batch * c * o * taps(sizes) ** 2,
    bytes: 4 * (batch * c * side ** 2 + batch * o * to ** 2 + c * o * k ** 2),
    async prepare() {
      const [x, w] = [rand([batch, c, side, side]), rand([o, c, k, k])]
      const convolve = by(x, w)
      const [X, W, Y] = [await x.data(), await w.data(), await convolve().data()]
      const error = distance(Y.length, at => ({
        got: Y[at],
        terms: termsOf('y', at, { x: X, y: Y, w: W }, sizes),
      }))
      return { work: () => void convolve(), error, bound: productBound }
    },
  }
}

function naive(x: Tensor, w: Tensor): () => Tensor {
  const { batch, c, o, side, to, k, stride, padding } = sizes
  const y = zeros([batch, o, to, to])
  const run = direct('conv_naive', {
    params: [batch, c, o, side, to, k, stride, padding].map(u32 => ({ u32 })),
    buffers: { 1: x, 2: w, 3: y },
    workgroups: [Math.ceil(y.size / 64)],
  })
  return () => {
    run()
    return y
  }
}
