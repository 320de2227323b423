import { check } from '../kernels/check.js'
import { launch } from '../kernels/launch.js'
import type { Tensor } from '../tensor/tensor.js'
import { checkRate, gradientOf, Numbers, Optimizer, stateLike } from './optimizer.js'

export interface SGDOptions {
  /** Learning rate. */
  lr?: number
  /** μ: how much of the velocity is kept. */
  momentum?: number
  /** τ: how much of the gradient is held back from the velocity. */
  dampening?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** Look ahead along the velocity; needs momentum and no dampening. */
  nesterov?: boolean
}

/**
 * Stochastic gradient descent:  g ← g + λθ,  θ ← θ − lr · g.
 *
 * With momentum  v ← μv + (1−τ)g  (v ← g at first),  θ ← θ − lr · v,  or lr · (g + μv) with Nesterov's.
 * Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
 *
 * lr, momentum, dampening and weightDecay may be changed between steps.
 */
export class SGD extends Optimizer {
  lr: number
  momentum: number
  dampening: number
  weightDecay: number
  readonly nesterov: boolean
  private readonly velocities = new Map<Tensor, Tensor>()
  private readonly hyper = new Numbers(4)

  constructor(
    params: Iterable<Tensor>,
    { lr = 1e-3, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false }: SGDOptions = {},
  ) {
    super(params)
    check(
      !nesterov || (momentum > 0 && dampening === 0),
      () =>
        `SGD: nesterov with momentum ${momentum} and dampening ${dampening}; it needs momentum above 0 and no dampening`,
    )
    this.lr = lr
    this.momentum = momentum
    this.dampening = dampening
    this.weightDecay = weightDecay
    this.nesterov = nesterov
  }

  step(): void {
    const { lr, momentum, dampening, weightDecay } = this
    for (const what of ['lr', 'momentum', 'dampening', 'weightDecay'] as const)
      checkRate('SGD', what, this[what])
    this.hyper.set([lr, momentum, dampening, weightDecay])
    for (const p of this.params) if (p.grad) this.move(p)
  }

  private move(p: Tensor): void {
    const grad = gradientOf(p)
    const n = Math.ceil(p.size / 4)
    const params = { n, grad_offset: grad.offset / 4 }
    const buffers = {
      hyper: this.hyper.tensor.storage.lease,
      grad: grad.storage.lease,
      theta: p.storage.lease,
    }
    if (this.momentum === 0) launch('sgd', { entry: 'plain', params, buffers, threads: n })
    else {
      const known = this.velocities.get(p)
      const velocity = known ?? stateLike(p)
      this.velocities.set(p, velocity)
      launch('sgd', {
        entry: 'momentum',
        constants: { FIRST: !known, NESTEROV: this.nesterov },
        params,
        buffers: { ...buffers, velocity: velocity.storage.lease },
        threads: n,
      })
    }
    p.storage.version++
  }
}
