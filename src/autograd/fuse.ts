/**
 * Work that one kernel does together: an activation along with the operation before it, and a
 * gradient along with the result. A first reader may leave this file closed.
 */
import type { Activation } from '../launches/activation.js'
import { isOne } from '../tensor/constant.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { fusedOf } from './choose.js'
import { mul, sub } from './ops/arithmetic.js'
import { type Rule, slope } from './ops/pointwise.js'
import { type Arrow, record } from './tape.js'

/**
 * y = f(z) as a node of its own after the recorded z, whose memory holds f(z) already; z without f.
 */
export function activated(z: Tensor, f: Activation | null): Tensor {
  if (!f) return z
  const y = view(z, z, f)
  return record(f, y, [[z, dy => slope(f, y, dy, rules[f])]], { fused: { z, f } })
}

/**
 * Records y = g(x) for a g that commutes with every f:  g(f(z)) = f(g(z)). Reshaping does, and so
 * does a maximum, since every f is monotone. So y too is an f, of g(z), and shortcuts may use that.
 */
export function recordCommuting(op: string, y: Tensor, x: Tensor, arrow: Arrow): Tensor {
  const fused = fusedOf(x)
  if (!fused) return record(op, y, [[x, arrow]])
  const z = record(op, view(y, y, op), [[fused.z, arrow]])
  return record(op, y, [[x, arrow]], { fused: { z, f: fused.f } })
}

/** f, where x = f(z) came out of one kernel. */
export function activationOf(x: Tensor): Activation | null {
  return fusedOf(x)?.f ?? null
}

/**
 * Hands out a gradient that was computed along with the result, for dy = 1. It does so once: the
 * receiver may overwrite it.
 */
export function computedBefore(gradient: Tensor | null): (dy: Tensor) => Tensor | null {
  let left = gradient
  return dy => {
    const given = left
    left = null
    return given && !isOne(dy) ? mul(given, dy) : given
  }
}

/** As for the activations by themselves in elementwise.ts, with f′ as a function of y. */
const rules: Record<Activation, Rule> = {
  relu: { code: 'RELU', saves: 'y', curve: null },
  tanh: { code: 'TANH', saves: 'y', curve: y => mul(y, -2) },
  sigmoid: { code: 'SIGMOID', saves: 'y', curve: y => sub(1, mul(y, 2)) },
}
