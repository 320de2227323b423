/** Pooling along one dimension. */
import { between, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { type Grid, reshape } from '../reference.js'
import { on, type Rows } from '../row.js'
import { avgPool2d } from './avgpool.js'
import { maxPool2d } from './maxpool.js'

/** A function of images with one row, for x [..., l]. */
function along(x: Grid, f: (rows: Grid) => Grid): Grid {
  const y = f(reshape(x, x.shape.toSpliced(-1, 0, 1)))
  return reshape(y, y.shape.toSpliced(-2, 1))
}

function sizes(random: Random) {
  const kernel = between(random, 1, 4)
  const dilation = sometimes(random, 0.7) ? 1 : 2
  const batch = sometimes(random, 0.3) ? [] : [between(random, 0, 3)]
  const stride = sometimes(random, 0.4) ? undefined : between(random, 1, 3)
  const shape = [...batch, between(random, 1, 3), dilation * (kernel - 1) + between(random, 1, 9)]
  const options = {
    stride,
    padding: between(random, 0, Math.floor(kernel / 2)),
    ceilMode: sometimes(random),
  }
  return { kernel, dilation, shape, options }
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'maxPool1d' | 'avgPool1d'> = {
  maxPool1d: {
    f: (x, kernel, { stride = kernel, padding = 0, dilation = 1, ceilMode = false } = {}) =>
      along(x, rows => maxPool2d(rows, [1, kernel], { stride: [1, stride], padding: [0, padding], dilation: [1, dilation], ceilMode })[0]),
    cases: [
      on([[2, 3, 9]], 2), on([[3, 9]], 3, { stride: 2, padding: 1 }), on([[1, 2, 8]], 3, { dilation: 2, stride: 2, ceilMode: true }),
      on([[1, 1, 257]], 4), on([[0, 2, 5]], 2),
    ],
    generate(random) {
      const { kernel, dilation, shape, options } = sizes(random)
      return on([shape], kernel, { ...options, dilation })
    },
    from: 'distinct', tolerance: 'exact',
  },
  avgPool1d: {
    f: (x, kernel, { stride = kernel, padding = 0, ...others } = {}) =>
      along(x, rows => avgPool2d(rows, [1, kernel], { stride: [1, stride], padding: [0, padding], ...others })),
    cases: [
      on([[2, 3, 9]], 2), on([[3, 9]], 3, { stride: 2, padding: 1, countIncludePad: false }), on([[1, 2, 8]], 3, { stride: 2, ceilMode: true }),
      on([[1, 1, 257]], 4), on([[0, 2, 5]], 2),
    ],
    generate(random) {
      const { kernel, shape, options } = sizes(random)
      return on([shape], kernel, { ...options, countIncludePad: sometimes(random) })
    },
    linear: true,
  },
}
