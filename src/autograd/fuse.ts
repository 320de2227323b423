/** Activations that are computed in the kernel of the operation before them, and gradients made beforehand. */
import type { Activation } from '../launches/activation.js'
import { isOne } from '../tensor/constant.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { fusedOf } from './choose.js'
import { mul, sub } from './ops/arithmetic.js'
import { type Rule, slope } from './ops/pointwise.js'
import { type Arrow, record } from './tape.js'

/**
 * y = f(z) as a node of its own behind the recorded z, whose memory holds f(z) already. With no f it is z.
 */
export function activated(z: Tensor, f: Activation | null): Tensor {
  if (!f) return z
  const y = view(z, z, f)
  return record(f, y, [[z, dy => slope(f, y, dy, rules[f])]], { fused: { z, f } })
}

/**
 * Records y = g(x) for a g that no f changes:  g(f(z)) = f(g(z)). Reshaping is such a g, and so is a maximum,
 * since no f ever falls. So y too is f of something, and what follows may multiply by f′ of fewer numbers.
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
 * Gives away, once, a gradient that was made along with the result, for dy = 1. Once, because whoever gets it may
 * overwrite it.
 */
export function madeBefore(gradient: Tensor | null): (dy: Tensor) => Tensor | null {
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
