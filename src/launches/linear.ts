/** How a fully connected layer is computed: one launch forward, one for all of its gradients. */
import { isSoftware } from '../kernels/device.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'
import { linearOfFew } from './linearoffew.js'
import { isKernelAsked, matrixProduct } from './matmul.js'
import { type LinearRung, linearRungs } from './rungs/linear.js'
import { rungOf } from './rungs/rung.js'
import type { Variant } from './variants.js'

/**
 * y[n,o] = f(Σᵢ x[n,i] W[o,i] + b[o]).   x [batch, inputs]   W [outputs, inputs]   b [outputs]
 *
 * With `exact` matrix units are not used. For few rows reading W is all that counts,
 * so they have a kernel of their own, unless `useVariants` asked for another.
 */
export function linearForward(
  x: Tensor,
  w: Tensor,
  bias: Tensor | null,
  activation: number,
  exact = false,
): Tensor {
  const isFew = x.shape[0] <= (isSoftware() ? 2 : 4)
  if (isFew && !isKernelAsked()) return linearOfFew(x, w, bias, activation)
  const across = view(w, { shape: w.shape.toReversed(), strides: w.strides.toReversed() }, w.op)
  return matrixProduct(x, across, { bias, activation, exact })
}

/** Which gradients are wanted. */
export interface LinearWanted {
  readonly dx: boolean
  /** Where dW and db are written, in one buffer; null: neither is wanted. */
  readonly into: readonly Tensor[] | null
  /** The code of the f that x came out of. */
  readonly behind: number
}

/** dx = dy W · f′, which is returned;   dW = dyᵀ x,   db = Σₙ dy.   One launch. */
export function linearGradients(
  x: Tensor,
  w: Tensor,
  dy: Tensor,
  wanted: LinearWanted,
  variant: Variant<'linear'> = choose(x, w),
): Tensor {
  const [batch, inputs] = x.shape
  const [outputs] = w.shape
  const { kernel, ...row } = linearRungs.find(({ name }) => name === variant)!
  const { side, blockPer, ...rung }: Omit<LinearRung, 'kernel'> = row
  const dx = empty(wanted.dx ? x.shape : [1], 'f32', 'linear')
  const [dw, db = null] = wanted.into ?? [empty([1], 'f32', 'linear')]
  const blocks = (rows: number) => Math.ceil(rows / side) * Math.ceil(inputs / side)
  const dxBlocks = wanted.dx ? blocks(batch) : 0
  const dwBlocks = wanted.into ? blocks(outputs) : 0
  const all = dxBlocks + dwBlocks + (db ? (rung.biasBlocks?.(outputs) ?? 0) : 0)
  const [X, W, DY] = [x, w, dy].map(aligned)
  run(kernel, {
    constants: rung.constants?.(x, w) ?? {},
    params: {
      batch,
      outputs,
      inputs,
      dx_blocks: dxBlocks,
      dW_offset: dw.offset,
      db_offset: db?.offset ?? 0,
      bias: db ? 1 : 0,
      behind: wanted.behind,
    },
    tensors: { x: X, W, dy: DY, x4: X, W4: W, dy4: DY, dx, gradients: dw },
    ...(blockPer === 'invocation' ? { threads: all } : { workgroups: all }),
  })
  return dx
}

function choose(x: Tensor, w: Tensor): Variant<'linear'> {
  const wanted: LinearRung & { readonly name: Variant<'linear'> } = rungOf('linear', linearRungs)
  return wanted.serves(x, w) ? wanted.name : 'register'
}
