/** A normalisation as one operation: a few launches, and its arrows in differentiable ops. */
import { normForward } from '../../launches/norm.js'
import { normGradients } from '../../launches/normgradient.js'
import type { Sets } from '../../launches/normwork.js'
import type { Shape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Request } from '../shortcut.js'
import { record } from '../tape.js'
import { add, div, mul, sub } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { sumTo } from './expand.js'
import { square } from './pow.js'
import { reshape } from './reshape.js'
import { mean } from './sum.js'

/** What is normalised, and how. */
export interface Norm {
  readonly op: string
  /** For the kernels: x as [outer, sets, inner]. */
  readonly sets: Sets
  /** For the arrows: x of this shape, in which a set is all of `dims`. */
  readonly shape: Shape
  readonly dims: readonly number[]
  readonly weight: Tensor | null
  readonly bias: Tensor | null
  /** The shape in which weight and bias broadcast over x. */
  readonly over: Shape
  readonly eps: number
  /** false: no mean is subtracted. */
  readonly centred: boolean
}

/** y = w x̂ + b; and the statistics of the sets, as the kernels keep them. */
export function normalized(x: Tensor, norm: Norm): { y: Tensor; statistics: Tensor } {
  const { op, weight: w, bias: b, over } = norm
  const { y, statistics } = normForward(x, norm)
  const back = (dy: Tensor, to: Tensor) => reshape(sumTo(dy, over), to.shape)
  record(
    op,
    y,
    [
      [x, dy => slope(x, dy, norm)],
      w && [w, dy => back(mul(dy, reshape(standardized(x, norm).y, x.shape)), w)], // Σ dy x̂
      b && [b, dy => back(dy, b)], // Σ dy
    ],
    { shortcut: (dy, request) => (x.size > 0 ? inKernels(x, dy, statistics, norm, request) : []) },
  )
  return { y, statistics }
}

/** dx = (g − Σ g / n − x̂ Σ g x̂ / n) / s,  g = w dy,  s = √(v + ε). Without a mean no Σ g. */
function slope(x: Tensor, dy: Tensor, norm: Norm): Tensor {
  const { weight: w, over, shape, dims, centred: hasMean } = norm
  const { y, s } = standardized(x, norm)
  const g = reshape(w ? mul(dy, reshape(w, over)) : dy, shape)
  const average = (t: Tensor) => mean(t, dims, { keepdim: true })
  const rest = sub(g, mul(y, average(mul(g, y))))
  return reshape(div(hasMean ? sub(rest, average(g)) : rest, s), x.shape)
}

/** x̂ of norm.shape, and s = √(v + ε). */
function standardized(x: Tensor, { shape, dims, eps, centred: hasMean }: Norm) {
  const sets = reshape(x, shape)
  const d = hasMean ? centred(sets, mean(sets, dims, { keepdim: true }), dims) : sets
  const s = sqrt(add(mean(square(d), dims, { keepdim: true }), eps))
  return { y: div(d, s), s }
}

/**
 * x − m, once more without the mean of what is left.
 *
 * The first mean is rounded, by half a unit in its last place: of a mean of 10⁴ that is 5 · 10⁻⁴.
 * The second subtracts what is left of it. T. F. Chan, G. H. Golub & R. J. LeVeque 1983, The
 * American Statistician 37.
 */
export function centred(x: Tensor, m: Tensor, dims: readonly number[]): Tensor {
  const d = sub(x, m)
  return sub(d, mean(d, dims, { keepdim: true }))
}

function inKernels(x: Tensor, dy: Tensor, statistics: Tensor, norm: Norm, request: Request) {
  const { weight: w, bias: b, op } = norm
  const affine = [w, b].filter(t => t !== null)
  const into = affine.some(request.wants) ? request.destinations(op, ...affine) : []
  const [dw, db] = [w && (into[0] ?? null), b && (into[w ? 1 : 0] ?? null)]
  const isWanted = request.wants(x)
  const before = isWanted ? request.sumOf(x) : null
  const dx = normGradients({ ...norm, x, statistics }, dy, { dx: isWanted, before, dw, db })
  return [dx, dw, db]
}
