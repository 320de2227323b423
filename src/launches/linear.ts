/** How a fully connected layer is computed: one launch forward, one for all of its gradients. */
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'
import { matrixProduct } from './matmul.js'
import { type LinearRung, linearRungs } from './rungs/linear.js'
import { rungOf, type Variant } from './variants.js'

/** y[n,o] = f(Σᵢ x[n,i] W[o,i] + b[o]).   x [batch, inputs]   W [outputs, inputs]   b [outputs] */
export function linearForward(
  x: Tensor,
  w: Tensor,
  bias: Tensor | null,
  activation: number,
): Tensor {
  const across = view(w, { shape: w.shape.toReversed(), strides: w.strides.toReversed() }, w.op)
  return matrixProduct(x, across, { bias, activation })
}

/** What the gradients are computed from. */
export interface Layer {
  readonly x: Tensor
  readonly w: Tensor
  readonly b: Tensor | null
  readonly dy: Tensor
}

/**
 * dx = dy W · f′,   dW = dyᵀ x,   db = Σₙ dy;  those that nobody wants are left out.
 *
 * `activation` is the code of the f that x came out of. dw and db are where the last two are written,
 * in one buffer.
 */
export function linearGradients(
  { x, w, b, dy }: Layer,
  activation: number,
  [dw, db = dw]: readonly Tensor[],
  variant: Variant<'linear'> = choose(x, w),
): { dx: Tensor; dw: Tensor; db: Tensor } {
  const [batch, inputs] = x.shape
  const [outputs] = w.shape
  const { side, blockPer, ...rung }: LinearRung = linearRungs.find(({ name }) => name === variant)!
  const dx = empty(x.requiresGrad ? x.shape : [1], 'f32', 'linear')
  const wantsW = w.requiresGrad || b?.requiresGrad
  const blocks = (rows: number) => Math.ceil(rows / side) * Math.ceil(inputs / side)
  const dxBlocks = x.requiresGrad ? blocks(batch) : 0
  const biasBlocks = wantsW && b ? (rung.biasBlocks?.(outputs) ?? 0) : 0
  const all = dxBlocks + (wantsW ? blocks(outputs) : 0) + biasBlocks
  run(`linear/${variant}`, {
    constants: rung.constants?.() ?? {},
    params: {
      batch,
      outputs,
      inputs,
      dx_blocks: dxBlocks,
      dW_offset: dw.offset,
      db_offset: db.offset,
      bias: b ? 1 : 0,
      behind: activation,
    },
    tensors: { x: aligned(x), W: aligned(w), dy: aligned(dy), dx, gradients: dw },
    ...(blockPer === 'invocation' ? { threads: all } : { workgroups: all }),
  })
  return { dx, dw, db }
}

function choose(x: Tensor, w: Tensor): Variant<'linear'> {
  const wanted = rungOf('linear')
  return wanted.serves(x, w) ? wanted.name : 'register'
}
