/**
 * Activations that are part of another operation's kernel: y = f(z), with f′(z) known from y alone.
 */
import { kernels } from '../../kernels/wgsl.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { type Edge, record } from '../tape.js'
import { type Activation, rememberBefore } from './activated.js'
import { mul, sub } from './arithmetic.js'
import { slope } from './pointwise.js'

/** f's number in the kernels. */
export function activationCode(activation: Activation | null): number {
  return activation ? { relu: 1, tanh: 2, sigmoid: 3 }[activation] : 0
}

/** Records y = f(z), computed in one, where the edges lead from z to what it was made of. Returns y. */
export function recordActivated(
  op: string,
  y: Tensor,
  activation: Activation | null,
  edges: readonly Edge[],
): Tensor {
  if (!activation) return record(op, y, edges)
  const z = record(op, view(y, y, op), edges)
  const activated = record(activation, y, [[z, dy => undoActivation(dy, y, activation)]])
  if (y.requiresGrad) rememberBefore(y, { z, activation })
  return activated
}

/** dz = dy · f′(z), from y = f(z). */
export function undoActivation(dy: Tensor, y: Tensor, activation: Activation | null): Tensor {
  if (!activation) return dy
  const { code, curve } = rules[activation]
  return slope(activation, code, y, dy, { saves: 'y', curve })
}

const { RELU, TANH, SIGMOID } = kernels.unary.codes

/** As for the activations by themselves in elementwise.ts, with f′ as a function of y. */
const rules = {
  relu: { code: RELU, curve: null },
  tanh: { code: TANH, curve: (y: Tensor) => mul(y, -2) },
  sigmoid: { code: SIGMOID, curve: (y: Tensor) => sub(1, mul(y, 2)) },
} as const
