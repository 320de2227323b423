/** How the Kullback–Leibler term of a variational autoencoder is computed, with its gradient. */
import { kldCodes, kldKernel } from '../kernels/wgsl.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** The two forms in which a variance may be given. */
export type Form = 'SIGMA' | 'LOG_VARIANCE'

/**
 * k = ½ Σ (…) / divisor, as kld.wgsl says, of matrices mu and s; and its gradients if wanted.
 */
export function kldTotal(
  op: string,
  form: Form,
  mu: Tensor,
  s: Tensor,
  { divisor, slope }: { divisor: number; slope: boolean },
): { k: Tensor; dmu: Tensor | null; ds: Tensor | null } {
  const k = empty([], 'f32', op)
  const [dmu, ds] = [mu, s].map(x => empty(slope ? x.shape : [1], 'f32', op))
  run(kldKernel, {
    constants: { FORM: kldCodes[form], SLOPE: slope },
    tensors: { mu, s, k, dmu, ds },
    params: {
      rows: mu.shape[0],
      columns: mu.shape[1],
      mu_row: mu.strides[0],
      mu_column: mu.strides[1],
      s_row: s.strides[0],
      s_column: s.strides[1],
      divisor,
    },
    workgroups: 1,
  })
  return slope ? { k, dmu, ds } : { k, dmu: null, ds: null }
}
