/** Limits on gradients, for use between backward() and the optimizer's step. */
import { mul } from '../autograd/ops/arithmetic.js'
import { clamp } from '../autograd/ops/elementwise.js'
import { noGrad } from '../autograd/tape.js'
import { watchGradUsed } from '../compile/watch.js'
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { aligned } from '../tensor/contiguous.js'
import { release, scope, unscoped } from '../tensor/lifetime.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { norm, scale } from './gradnorm.js'

/**
 * Scales all gradients by one factor, so that together, as one long vector, they have at most the
 * length maxNorm:
 *
 *     norm = (Σ |g|ᵖ)^(1/p)        g ← g · min(1, maxNorm / (norm + 1e-6))
 *
 * p is `normType`; Infinity takes the largest |g|. Gradients are changed in place. Returns the norm
 * before scaling, one number on the GPU, without waiting for it. Parameters without a gradient are
 * ignored.   Pascanu et al. 2013, arXiv:1211.5063.
 * @throws Error when maxNorm is negative, normType is not positive, or a gradient is not f32
 */
export function clipGradNorm(
  params: Iterable<Tensor> | Tensor,
  maxNorm: number,
  options: { normType?: number } = {},
): Tensor {
  const { normType = 2 } = optionsOf('clipGradNorm', options, ['normType'])
  check(maxNorm >= 0, () => `clipGradNorm: maxNorm is ${maxNorm}; it must be from 0 up`)
  check(normType > 0, () => `clipGradNorm: normType is ${normType}; it must be above 0`)
  const trained = withGrad('clipGradNorm', params)
  const gradients = trained.map(({ grad }) => grad!)
  const result = scope(() => norm(gradients, normType, maxNorm))
  const [total, coefficient] = [0, 1].map(offset =>
    view(result, { shape: [], strides: [], offset }, 'clipGradNorm'),
  )
  const ours = trained.filter(({ grad }) => aligned(grad!) === grad)
  scale(
    ours.map(({ grad }) => grad!),
    result,
  )
  ours.forEach(watchGradUsed)
  for (const p of trained) if (!ours.includes(p)) replaceGrad(p, g => mul(g, coefficient))
  return total
}

/**
 * Cuts every element of the gradients to [−value, value].
 * @throws Error when the value is negative, or a gradient is not f32
 */
export function clipGradValue(params: Iterable<Tensor> | Tensor, value: number): void {
  check(value >= 0, () => `clipGradValue: the value is ${value}; it must be from 0 up`)
  for (const p of withGrad('clipGradValue', params))
    replaceGrad(p, g => clamp(g, { min: -value, max: value }))
}

/** The parameters that have a gradient, each once. */
function withGrad(name: string, params: Iterable<Tensor> | Tensor): Tensor[] {
  const isList = typeof params === 'object' && params !== null && Symbol.iterator in params
  const list = isList ? [...params] : [params as Tensor]
  checkTensor(name, ...list)
  const trained = [...new Set(list)].filter(p => p.grad)
  for (const { grad } of trained)
    check(grad!.dtype === 'f32', () => `${name}: a gradient is ${grad}; it must be f32`)
  return trained
}

/** Gives the parameter a new gradient: other tensors may show the old one's memory. */
function replaceGrad(p: Tensor, f: (g: Tensor) => Tensor): void {
  const old = p.grad!
  watchGradUsed(p)
  p.grad = unscoped(noGrad(() => f(old)))
  release(old)
}
