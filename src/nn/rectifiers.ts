/** Activations that are not in one of the first kernels of a Sequential; see the ops' equations. */
import {
  celu,
  elu,
  hardsigmoid,
  hardswish,
  hardtanh,
  mish,
  relu6,
  selu,
} from '../autograd/ops/activations.js'
import { mul } from '../autograd/ops/arithmetic.js'
import { greater } from '../autograd/ops/compare.js'
import { reshape } from '../autograd/ops/reshape.js'
import { where } from '../autograd/ops/where.js'
import { check } from '../kernels/check.js'
import { checkFinite, checkNumber, checkTensor } from '../tensor/arguments.js'
import { full } from '../tensor/create.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'

/** y = x where x > 0, else α (eˣ − 1) */
export class ELU extends Module {
  constructor(readonly alpha = 1) {
    super()
    checkFinite('ELU', 'alpha', alpha)
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.alpha)
  }
}

/** y = λ elu(x, α), with the λ and α that keep mean 0 and variance 1 */
export class SELU extends Module {
  forward(x: Tensor): Tensor {
    return selu(x)
  }
}

/** y = x where x > 0, else α (e^(x/α) − 1) */
export class CELU extends Module {
  constructor(readonly alpha = 1) {
    super()
    check(alpha !== 0, () => 'CELU: alpha is 0; x is divided by it')
    checkFinite('CELU', 'alpha', alpha)
  }

  forward(x: Tensor): Tensor {
    return celu(x, this.alpha)
  }
}

/** y = x kept within [min, max] */
export class Hardtanh extends Module {
  constructor(
    readonly min = -1,
    readonly max = 1,
  ) {
    super()
    checkNumber('Hardtanh', 'min', min)
    checkNumber('Hardtanh', 'max', max)
    check(min < max, () => `Hardtanh: min ${min} is not below max ${max}`)
  }

  forward(x: Tensor): Tensor {
    return hardtanh(x, this.min, this.max)
  }
}

/** y = min(max(x, 0), 6) */
export class ReLU6 extends Module {
  forward(x: Tensor): Tensor {
    return relu6(x)
  }
}

/** y = relu6(x + 3) / 6 */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return hardsigmoid(x)
  }
}

/** y = x · relu6(x + 3) / 6 */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    return hardswish(x)
  }
}

/** y = x tanh(ln(1 + eˣ)) */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    return mish(x)
  }
}

/**
 * y = x where x > 0, else a x, with a learned: one number, or one per channel.
 * x [...] or [n, channels, ...]   a [1] or [channels], at first `init`
 *
 * He et al. 2015, arXiv:1502.01852.
 */
export class PReLU extends Module {
  readonly weight: Tensor

  constructor(numParameters = 1, init = 0.25) {
    super()
    check(
      Number.isInteger(numParameters) && numParameters > 0,
      () => `PReLU: ${numParameters} parameters; it must be a whole number above 0`,
    )
    checkFinite('PReLU', 'init', init)
    this.weight = parameter(full([numParameters], init))
  }

  forward(x: Tensor): Tensor {
    checkTensor('PReLU', x)
    const { size } = this.weight
    check(
      size === 1 || (x.rank >= 2 && x.shape[1] === size),
      () => `PReLU: x is ${show(x.shape)}; its second dim must be of size ${size}`,
    )
    const to = size === 1 ? [] : [size, ...x.shape.slice(2).fill(1)]
    return where(greater(x, 0), x, mul(x, reshape(this.weight, to)))
  }
}
