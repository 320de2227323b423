import { launch } from '../kernels/launch.js'
import { write } from '../kernels/transfer.js'
import { zeros } from '../tensor/create.js'
import { keep } from '../tensor/lifetime.js'
import type { Tensor } from '../tensor/tensor.js'
import { checkRate, gradientOf, Numbers, Optimizer, stateLike } from './optimizer.js'

export interface AdamOptions {
  /** Learning rate. */
  lr?: number
  /** Decay of the running means of g and of g². */
  betas?: readonly [number, number]
  /** Keeps the quotient finite where the spread is 0. */
  eps?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
}

/**
 * Adam: a step of size lr along the mean gradient, each coordinate divided by its own spread.
 *
 *   g ← g + λθ      m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      θ ← θ − lr · m̂ / (√v̂ + ε)
 *
 * where m̂ = m / (1−β₁ᵗ), v̂ = v / (1−β₂ᵗ).   Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
 *
 * lr, betas, eps and weightDecay may be changed between steps.
 */
export class Adam extends Optimizer {
  lr: number
  betas: readonly [number, number]
  eps: number
  weightDecay: number
  private readonly means: readonly Tensor[]
  private readonly spreads: readonly Tensor[]
  private readonly clocks: Tensor
  private readonly hyper = new Numbers(9)
  private active = ''

  constructor(
    params: Iterable<Tensor>,
    { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 }: AdamOptions = {},
  ) {
    super(params)
    this.lr = lr
    this.betas = betas
    this.eps = eps
    this.weightDecay = weightDecay
    this.means = this.params.map(stateLike)
    this.spreads = this.params.map(stateLike)
    this.clocks = keep(zeros([this.params.length, 4], { dtype: 'u32' }))
  }

  step(): void {
    const moving = this.params.map((p, i) => [p, i] as const).filter(([p]) => p.grad)
    if (moving.length === 0) return
    this.upload()
    this.activate(moving.map(([, i]) => i))
    const hyper = this.hyper.tensor.storage.lease
    const clocks = this.clocks.storage.lease
    launch('adam', {
      entry: 'tick',
      params: { n: this.params.length, which: 0, grad_offset: 0 },
      buffers: { hyper, clocks },
      threads: this.params.length,
    })
    for (const [p, i] of moving) {
      const grad = gradientOf(p)
      const n = Math.ceil(p.size / 4)
      launch('adam', {
        entry: 'step',
        params: { n, which: i, grad_offset: grad.offset / 4 },
        buffers: {
          hyper,
          clocks_now: clocks,
          grad: grad.storage.lease,
          mean: this.means[i].storage.lease,
          spread: this.spreads[i].storage.lease,
          theta: p.storage.lease,
        },
        threads: n,
      })
      p.storage.version++
    }
  }

  private upload(): void {
    const { lr, betas, eps, weightDecay } = this
    const [b1, b2] = betas
    checkRate('Adam', 'lr', lr)
    checkRate('Adam', 'betas[0]', b1, 1)
    checkRate('Adam', 'betas[1]', b2, 1)
    checkRate('Adam', 'eps', eps)
    checkRate('Adam', 'weightDecay', weightDecay)
    const logs = [b1, b2].map(beta => Math.max(Math.log(beta), -1e30)) // β = 0 has no logarithm
    this.hyper.set([lr, b1, b2, eps, weightDecay, ...logs, 1 - b1, 1 - b2])
  }

  /** Tells the clocks which parameters have a gradient; a parameter without one does not age. */
  private activate(moving: readonly number[]): void {
    const active = moving.join()
    if (active === this.active) return
    this.active = active
    for (let i = 0; i < this.params.length; i++) {
      write(this.clocks.storage.lease, Uint32Array.of(moving.includes(i) ? 1 : 0), 16 * i + 12)
    }
  }
}
