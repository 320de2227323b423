/** The way every elementwise function of one tensor is computed and undone. */
import { launch } from '../../kernels/launch.js'
import { aligned } from '../../tensor/layout.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul } from './arithmetic.js'
import { checkFloat } from './operands.js'

/** What a pointwise function needs beside its code in unary.wgsl. */
export interface Rule {
  /** What f′ is computed from, as the table in unary.wgsl says. */
  saves: 'x' | 'y'
  /** d f′(s) / ds in differentiable ops, for gradients of gradients; null where f′ is flat. */
  curve: ((s: Tensor) => Tensor) | null
  c0?: number
  c1?: number
}

/**
 * y[i] = f(x[i]).     dx[i] = dy[i] · f′(s[i]), one kernel each.
 * @throws Error unless x is f32
 */
export function pointwise(op: string, code: number, x: Tensor, rule: Rule): Tensor {
  checkFloat(op, x)
  const from = aligned(x)
  const y = empty(x.shape, 'f32', op)
  const n = Math.ceil(x.size / 4)
  const buffers = { x: from.storage.lease, y: y.storage.lease }
  launch('unary', {
    entry: 'forward',
    constants: { OP: code },
    params: { n, x_offset: from.offset / 4, dy_offset: 0, c0: rule.c0 ?? 0, c1: rule.c1 ?? 0 },
    buffers,
    threads: n,
  })
  return record(op, y, [[x, dy => slope(op, code, rule.saves === 'x' ? x : y, dy, rule)]])
}

/** dx[i] = dy[i] · f′(s[i]): linear in dy, and itself differentiable in s. */
export function slope(op: string, code: number, s: Tensor, dy: Tensor, rule: Rule): Tensor {
  const [from, upstream] = [aligned(s), aligned(dy)]
  const dx = empty(s.shape, 'f32', op)
  const n = Math.ceil(s.size / 4)
  launch('unary', {
    entry: 'backward',
    constants: { OP: code },
    params: {
      n,
      x_offset: from.offset / 4,
      dy_offset: upstream.offset / 4,
      c0: rule.c0 ?? 0,
      c1: rule.c1 ?? 0,
    },
    buffers: { x: from.storage.lease, dy: upstream.storage.lease, y: dx.storage.lease },
    threads: n,
  })
  const { curve } = rule
  return record(`${op}Backward`, dx, [
    [s, curve && (ddx => mul(mul(ddx, dy), curve(s)))],
    [dy, ddx => slope(op, code, s, ddx, rule)],
  ])
}
