import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** Modules one after the other: y = fₙ(… f₂(f₁(x))). Their names are their positions: `0.weight`. */
export class Sequential extends Module {
  readonly layers: readonly Module[]

  constructor(...layers: Module[]) {
    super()
    this.layers = layers
  }

  override children(): [string, Module][] {
    return this.layers.map((layer, i) => [String(i), layer])
  }

  forward(x: Tensor): Tensor {
    return this.layers.reduce((y, layer) => layer.forward(y), x)
  }
}
