/** One row for every op: the same function in float64, and the cases that it is tried on. */
import type * as ops from '../../src/autograd/ops/index.js'
import type { Rows } from './row.js'
import { means } from './rows/avgpool.js'
import { convolutions } from './rows/convolutions.js'
import { dropouts } from './rows/dropouts.js'
import { extremes } from './rows/extremes.js'
import { klds } from './rows/klds.js'
import { losses } from './rows/losses.js'
import { maxima } from './rows/maxpool.js'
import { norms } from './rows/norms.js'
import { picks } from './rows/picks.js'
import { pointwise } from './rows/pointwise.js'
import { products } from './rows/products.js'
import { softmaxes } from './rows/softmax.js'
import { sums } from './rows/sums.js'
import { upsampling } from './rows/upsample.js'
import { views } from './rows/views.js'

export const table: Rows<keyof typeof ops> = {
  ...pointwise,
  ...sums,
  ...losses,
  ...klds,
  ...softmaxes,
  ...extremes,
  ...picks,
  ...dropouts,
  ...products,
  ...convolutions,
  ...maxima,
  ...means,
  ...norms,
  ...upsampling,
  ...views,
}

export type OpName = keyof typeof table
