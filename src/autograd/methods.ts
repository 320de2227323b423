/**
 * Ops as methods: x.matmul(y) is matmul(x, y), for every op whose first argument is a tensor. The
 * method's type is the function's, so it shows the function's documentation.
 */
import { text } from '../tensor/print.js'
import { Tensor } from '../tensor/tensor.js'
import { backward } from './backward.js'
import { zeroGrad } from './gradients.js'
import * as ops from './ops/index.js'

type Method<F> = F extends (x: Tensor, ...rest: infer R) => infer Y ? (...rest: R) => Y : never

const { cat, einsum, meshgrid, stack, ...ofOne } = ops // these are of a list

const methods = { ...ofOne, backward, zeroGrad, text }

/** What `init` adds to tensors. */
export type Methods = { [K in keyof typeof methods]: Method<(typeof methods)[K]> }

declare module '../tensor/tensor.js' {
  interface Tensor extends Methods {}
}

/** Gives all tensors their methods. `init` calls it, so bundlers cannot lose it. */
export function attachMethods(): void {
  if ('backward' in Tensor.prototype) return
  for (const [name, f] of Object.entries(methods))
    Object.defineProperty(Tensor.prototype, name, {
      value(this: Tensor, ...rest: unknown[]) {
        return (f as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest)
      },
      writable: true,
      configurable: true,
    })
}
