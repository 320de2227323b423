/** How a fully connected layer is computed: one launch forward, one for all of its gradients. */
import { subgroupSize } from '../kernels/device.js'
import { launch } from '../kernels/launch.js'
import { families, type Variant, variantOf } from '../kernels/variants.js'
import { aligned } from '../tensor/contiguous.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'
import { gemm } from './matmul.js'

/** The kernels that compute the gradients. */
export const affineKernels = families.linear
export type AffineKernel = Variant<'linear'>

/** y[n,o] = f(Σᵢ x[n,i] W[o,i] + b[o]).   x [batch, inputs]   W [outputs, inputs]   b [outputs] */
export function affine(x: Tensor, w: Tensor, bias: Tensor | null, activation: number): Tensor {
  const across = view(w, { shape: w.shape.toReversed(), strides: w.strides.toReversed() }, w.op)
  return gemm(x, across, { bias, activation })
}

/** What the gradients are computed from. */
export interface Affine {
  readonly x: Tensor
  readonly w: Tensor
  readonly b: Tensor | null
  readonly dy: Tensor
}

/**
 * dx = dy W · f′,   dW = dyᵀ x,   db = Σₙ dy;  those that nobody wants are left out. f is what x came out of.
 * dw and db are where the last two are written, in one buffer.
 */
export function affineGradients(
  { x, w, b, dy }: Affine,
  activation: number,
  [dw, db = dw]: readonly Tensor[],
  kernel: AffineKernel = choose(x, w),
): { dx: Tensor; dw: Tensor; db: Tensor } {
  const [batch, inputs] = x.shape
  const [outputs] = w.shape
  const [X, W, dY] = [x, w, dy].map(aligned)
  const dx = empty(x.requiresGrad ? x.shape : [1], 'f32', 'linear')
  const wantsW = w.requiresGrad || b?.requiresGrad
  const side = kernel === 'linear_register' ? 4 : 32
  const blocks = (rows: number) => Math.ceil(rows / side) * Math.ceil(inputs / side)
  const dxBlocks = x.requiresGrad ? blocks(batch) : 0
  const all = dxBlocks + (wantsW ? blocks(outputs) : 0)
  const params = {
    batch,
    outputs,
    inputs,
    dx_blocks: dxBlocks,
    x_offset: X.offset,
    dy_offset: dY.offset,
    w_offset: W.offset,
    dw_offset: dw.offset,
    db_offset: db.offset,
    bias: b ? 1 : 0,
    behind: activation,
  }
  const buffers = {
    x: X.storage.lease,
    dy: dY.storage.lease,
    W: W.storage.lease,
    dx: dx.storage.lease,
    gradients: dw.storage.lease,
  }
  if (kernel === 'linear_register')
    launch(kernel, { entry: 'backward', params, buffers, threads: all })
  else if (kernel === 'linear_tiled')
    launch(kernel, { entry: 'backward', params, buffers, workgroups: all })
  else {
    const lanes = subgroupSize()
    const forDb = wantsW && b ? Math.ceil(outputs / (4 * lanes)) : 0
    const constants = { LANES: lanes }
    launch(kernel, { entry: 'backward', constants, params, buffers, workgroups: all + forDb })
  }
  return { dx, dw, db }
}

/** Whether a kernel can compute these gradients on this device. */
export function servesAffine(kernel: AffineKernel, x: Tensor, w: Tensor): boolean {
  if (kernel !== 'linear_subgroup') return true
  const sizes = [x.shape[1], w.shape[0]]
  return (
    [4, 8].includes(subgroupSize()) && sizes.every(size => size % 4 === 0) && sizeOf(x.shape) > 0
  )
}

function choose(x: Tensor, w: Tensor): AffineKernel {
  const wanted = variantOf('linear')
  return servesAffine(wanted, x, w) ? wanted : 'linear_register'
}
