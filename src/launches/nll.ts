/** Launches of nll.wgsl: the weighted score of the target class, and the adjoint. */
import { nllKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** How much each target counts. */
export interface ClassWeights {
  /** w [classes]; null: 1 everywhere. */
  readonly weight: Tensor | null
  /** A target that counts nothing. */
  readonly ignoreIndex: number
}

/** e[n,s] = −w[t] x[n,t,s], and beside it w[t], both 0 where the target t[n,s] is ignored. */
export function nll(
  op: string,
  x: Tensor,
  target: Tensor,
  weights: ClassWeights,
): [e: Tensor, w: Tensor] {
  const [e, w] = [empty(target.shape, 'f32', op), empty(target.shape, 'f32', op)]
  const source = compact(x)
  run(nllKernel, {
    entry: 'forward',
    ...described(x.shape, weights, e.size),
    tensors: { source, labels: compact(target), weight: table(weights, source), result: e, w },
    threads: e.size,
  })
  return [e, w]
}

/** x[n,c,s] = −w[t] e[n,s] if c is the target t[n,s], else 0. */
export function nllBackward(
  op: string,
  e: Tensor,
  target: Tensor,
  shape: Shape,
  weights: ClassWeights,
): Tensor {
  const x = empty(shape, 'f32', op)
  const source = compact(e)
  run(nllKernel, {
    entry: 'backward',
    ...described(shape, weights, x.size),
    tensors: { source, labels: compact(target), weight: table(weights, source), result: x },
    threads: x.size,
  })
  return x
}

function described([, classes, ...rest]: Shape, { weight, ignoreIndex }: ClassWeights, n: number) {
  return {
    constants: { WEIGHTED: weight !== null },
    params: { n, classes, inner: sizeOf(rest), ignore: ignoreIndex },
  }
}

/** w; without weights any tensor, which the kernel does not read. */
function table({ weight }: ClassWeights, unread: Tensor): Tensor {
  return weight ? compact(weight) : unread
}
