/**
 * Activations that are part of another operation's kernel: y = f(z), with f′(z) known from y alone.
 */

import type { Activation } from '../../launches/activation.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { type Edge, record } from '../tape.js'
import { rememberBefore } from './activated.js'
import { mul, sub } from './arithmetic.js'
import { slope } from './pointwise.js'

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
  return slope(activation, y, dy, rules[activation])
}

/** As for the activations by themselves in elementwise.ts, with f′ as a function of y. */
const rules = {
  relu: { code: 'RELU', saves: 'y', curve: null },
  tanh: { code: 'TANH', saves: 'y', curve: (y: Tensor) => mul(y, -2) },
  sigmoid: { code: 'SIGMOID', saves: 'y', curve: (y: Tensor) => sub(1, mul(y, 2)) },
} as const
