import { check } from '../kernels/check.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** Modules one after the other: y = fₙ(… f₂(f₁(x))). Their names are their positions: `0.weight`. */
export class Sequential extends Module {
  readonly layers: readonly Module[]

  constructor(...layers: Module[]) {
    super()
    this.layers = layers
  }

  get length(): number {
    return this.layers.length
  }

  /** A layer, counted from the end if the position is negative. @throws Error when there is none */
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
    return this.layers.reduce((y, layer) => layer.forward(y), x)
  }
}
