import { launch } from '../kernels/launch.js'
import { checkRate, type Params } from './group.js'
import { type Move, Optimizer, type Slots, type Tick } from './optimizer.js'

export interface AdamOptions {
  /** Learning rate. */
  lr?: number
  /** Decay of the running means of g and of g². */
  betas?: readonly [number, number]
  /** Keeps the quotient finite where the spread is 0. */
  eps?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** Divide by the largest spread so far. */
  amsgrad?: boolean
}

type Options = Required<AdamOptions>

/**
 * Adam: a step of size lr along the mean gradient, each coordinate divided by its own spread.
 *
 *   g ← g + λθ      m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      θ ← θ − lr · m̂ / (√v̂ + ε)
 *
 * where m̂ = m / (1−β₁ᵗ), v̂ = v / (1−β₂ᵗ).   Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
 *
 * With `amsgrad`, v̂ = max v / (1−β₂ᵗ) over all steps.   Reddi et al. 2018, arXiv:1904.09237.
 */
export class Adam extends Optimizer<Options> {
  protected readonly decoupled: boolean = false

  constructor(params: Params<AdamOptions>, options: AdamOptions = {}) {
    const defaults: Options = {
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      amsgrad: false,
    }
    super(params, defaults, options)
  }

  protected numbers({ lr, betas: [b1, b2], eps, weightDecay }: Options, name: string): number[] {
    checkRate(name, 'lr', lr)
    checkRate(name, 'betas[0]', b1, 1)
    checkRate(name, 'betas[1]', b2, 1)
    checkRate(name, 'eps', eps)
    checkRate(name, 'weightDecay', weightDecay)
    const logs = [b1, b2].map(beta => Math.max(Math.log(beta), -1e30)) // β = 0 has no logarithm
    return [lr, b1, b2, eps, weightDecay, ...logs, 1 - b1, 1 - b2]
  }

  protected slots({ amsgrad }: Options): Slots {
    return { step: 0, mean: 0, spread: 0, peak: amsgrad ? 0 : null }
  }

  protected tick(_: Options, tick: Tick): void {
    launch('adam', { entry: 'tick', ...tick })
  }

  protected move({ amsgrad }: Options, { clocks, buffers, memory, ...rest }: Move): void {
    const all = { ...buffers, ...clocks, mean: memory('mean'), spread: memory('spread') }
    const constants = { DECOUPLED: this.decoupled }
    if (!amsgrad) launch('adam', { entry: 'step', constants, buffers: all, ...rest })
    else {
      const peak = memory('peak')
      launch('adam', { entry: 'amsgrad', constants, buffers: { ...all, peak }, ...rest })
    }
  }
}

/**
 * Adam whose weight decay stands beside the step, untouched by the spread:
 *
 *   θ ← θ − lr · (m̂ / (√v̂ + ε) + λθ)      Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2.
 *
 * `weightDecay` is 0.01 if nothing else is said.
 */
export class AdamW extends Adam {
  protected override readonly decoupled = true

  constructor(params: Params<AdamOptions>, { weightDecay = 0.01, ...rest }: AdamOptions = {}) {
    super(params, { weightDecay, ...rest })
  }
}
