/** Activations as layers without parameters. */
import {
  gelu,
  leakyRelu,
  relu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from '../autograd/ops/elementwise.js'
import { checkFinite, optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** y = max(x, 0) */
export class ReLU extends Module {
  /** What an affine layer before it can compute along with its product. */
  readonly activation = 'relu'

  forward(x: Tensor): Tensor {
    return relu(x)
  }
}

/** y = x where x > 0, else slope · x */
export class LeakyReLU extends Module {
  constructor(readonly slope = 0.01) {
    super()
    checkFinite('LeakyReLU', 'slope', slope)
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.slope)
  }
}

/** y = tanh x */
export class Tanh extends Module {
  /** What an affine layer before it can compute along with its product. */
  readonly activation = 'tanh'

  forward(x: Tensor): Tensor {
    return tanh(x)
  }
}

/** y = 1 / (1 + e⁻ˣ) */
export class Sigmoid extends Module {
  /** What an affine layer before it can compute along with its product. */
  readonly activation = 'sigmoid'

  forward(x: Tensor): Tensor {
    return sigmoid(x)
  }
}

/** y = x / (1 + e⁻ˣ) */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x)
  }
}

/** y = x Φ(x), Φ the normal distribution function, or its approximation by tanh; see `gelu`. */
export class GELU extends Module {
  constructor(readonly options: { approximate?: 'none' | 'tanh' } = {}) {
    super()
    optionsOf('GELU', options, ['approximate'])
  }

  forward(x: Tensor): Tensor {
    return gelu(x, this.options)
  }
}

/** y = ln(1 + e^(βx)) / β, and x itself where βx > threshold */
export class Softplus extends Module {
  constructor(readonly options: { beta?: number; threshold?: number } = {}) {
    super()
    optionsOf('Softplus', options, ['beta', 'threshold'])
  }

  forward(x: Tensor): Tensor {
    return softplus(x, this.options)
  }
}
