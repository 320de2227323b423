import { logSoftmax, softmax } from '../autograd/ops/softmax.js'
import { checkWhole } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** y[j] = e^x[j] / Σₖ e^x[k] along a dimension. */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super()
    checkWhole('Softmax', 'dim', dim)
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.dim)
  }
}

/** y[j] = x[j] − ln Σₖ e^x[k] along a dimension. */
export class LogSoftmax extends Module {
  constructor(readonly dim: number) {
    super()
    checkWhole('LogSoftmax', 'dim', dim)
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim)
  }
}
