/**
 * One row per op: the same function in float64, and the cases to test. The files of rows have the
 * names of the files in src/autograd/ops; all elementwise ops are in pointwise.ts.
 */
import type * as ops from '../../src/autograd/ops/index.js'
import type { Rows } from './row.js'
import { rows as attention } from './rows/attention.js'
import { rows as avgpool } from './rows/avgpool.js'
import { rows as cast } from './rows/cast.js'
import { rows as cat } from './rows/cat.js'
import { rows as clone } from './rows/clone.js'
import { rows as conv } from './rows/conv.js'
import { rows as cumsum } from './rows/cumsum.js'
import { rows as detach } from './rows/detach.js'
import { rows as diagonal } from './rows/diagonal.js'
import { rows as dropout } from './rows/dropout.js'
import { rows as einsum } from './rows/einsum.js'
import { rows as embedding } from './rows/embedding.js'
import { rows as expand } from './rows/expand.js'
import { rows as flip } from './rows/flip.js'
import { rows as gather } from './rows/gather.js'
import { rows as kld } from './rows/kld.js'
import { rows as linear } from './rows/linear.js'
import { rows as losses } from './rows/losses.js'
import { rows as matmul } from './rows/matmul.js'
import { rows as max } from './rows/max.js'
import { rows as maxpool } from './rows/maxpool.js'
import { rows as meshgrid } from './rows/meshgrid.js'
import { rows as nll } from './rows/nll.js'
import { rows as norm } from './rows/norm.js'
import { rows as onehot } from './rows/onehot.js'
import { rows as pad } from './rows/pad.js'
import { rows as patches } from './rows/patches.js'
import { rows as permute } from './rows/permute.js'
import { rows as pointwise } from './rows/pointwise.js'
import { rows as pool1d } from './rows/pool1d.js'
import { rows as reductions } from './rows/reductions.js'
import { rows as repeat } from './rows/repeat.js'
import { rows as reshape } from './rows/reshape.js'
import { rows as rmsnorm } from './rows/rmsnorm.js'
import { rows as scatter } from './rows/scatter.js'
import { rows as similarity } from './rows/similarity.js'
import { rows as slice } from './rows/slice.js'
import { rows as softmax } from './rows/softmax.js'
import { rows as sort } from './rows/sort.js'
import { rows as sum } from './rows/sum.js'
import { rows as triangle } from './rows/triangle.js'
import { rows as unfold } from './rows/unfold.js'
import { rows as upsample } from './rows/upsample.js'
import { rows as variance } from './rows/variance.js'

export const table: Rows<keyof typeof ops> = {
  ...pointwise,
  ...sum,
  ...losses,
  ...nll,
  ...kld,
  ...softmax,
  ...max,
  ...variance,
  ...cat,
  ...gather,
  ...embedding,
  ...dropout,
  ...matmul,
  ...linear,
  ...conv,
  ...maxpool,
  ...avgpool,
  ...pool1d,
  ...norm,
  ...rmsnorm,
  ...upsample,
  ...permute,
  ...reshape,
  ...expand,
  ...slice,
  ...cast,
  ...detach,
  ...similarity,
  ...scatter,
  ...sort,
  ...attention,
  ...einsum,
  ...onehot,
  ...unfold,
  ...diagonal,
  ...reductions,
  ...cumsum,
  ...clone,
  ...pad,
  ...repeat,
  ...flip,
  ...triangle,
  ...patches,
  ...meshgrid,
}

export type OpName = keyof typeof table
