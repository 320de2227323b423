import { check } from '../kernels/check.js'
import type { Activation } from '../launches/activation.js'
import type { Tensor } from '../tensor/tensor.js'
import { ReLU, Sigmoid, Tanh } from './activations.js'
import { checkModules } from './containers.js'
import { Module } from './module.js'

/**
 * Modules one after the other: y = fₙ(… f₂(f₁(x))). Their names are their positions: `0.weight`.
 *
 * A ReLU, Tanh or Sigmoid after a linear or convolutional layer is computed in that layer's kernel.
 */
export class Sequential extends Module {
  readonly layers: readonly Module[]

  constructor(...layers: Module[]) {
    super()
    checkModules('Sequential', layers, 'new Sequential(a, b), or new Sequential(...list)')
    this.layers = layers
  }

  get length(): number {
    return this.layers.length
  }

  /** A layer; a negative position counts from the end. @throws Error when there is none */
  at(position: number): Module {
    const layer = this.layers.at(position)
    check(layer, () => `Sequential: there is no position ${position}; it has ${this.length} layers`)
    return layer
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.layers[Symbol.iterator]()
  }

  override children(): [string, Module][] {
    return this.layers.map((layer, i) => [String(i), layer])
  }

  forward(x: Tensor): Tensor {
    let y = x
    for (let i = 0; i < this.length; i++) {
      const [layer, next] = [this.layers[i], this.layers[i + 1]]
      try {
        if (isAffine(layer) && isActivation(next)) {
          y = layer.activated(y, next.activation)
          i++
        } else y = layer.forward(y)
      } catch (error) {
        throw withPlace(error, i, layer)
      }
    }
    return y
  }
}

/** The same error; its message says which layer threw it. */
function withPlace(error: unknown, i: number, layer: Module): unknown {
  if (error instanceof Error)
    error.message += ` (layer ${i} of a Sequential, ${layer.constructor.name})`
  return error
}

/** A layer that can compute the activation after it in its own kernel. */
interface Affine extends Module {
  activated(x: Tensor, activation: Activation): Tensor
}

/** Whether `activated` may replace `forward`: not if a hook or a subclass has changed `forward`. */
function isAffine(layer: Module): layer is Affine {
  return (
    Object.hasOwn(Object.getPrototypeOf(layer), 'activated') && !Object.hasOwn(layer, 'forward')
  )
}

function isActivation(layer?: Module): layer is ReLU | Tanh | Sigmoid {
  const classes = [ReLU, Tanh, Sigmoid] as const
  return classes.some(one => layer?.constructor === one) && !Object.hasOwn(layer!, 'forward')
}
