/** Activations as layers without parameters. */
import { relu, sigmoid, tanh } from '../autograd/ops/elementwise.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** y = max(x, 0) */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x)
  }
}

/** y = tanh x */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x)
  }
}

/** y = 1 / (1 + e⁻ˣ) */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x)
  }
}
