import { adamKernel } from '../kernels/wgsl.js'
import { checkList, optionsOf } from '../tensor/arguments.js'
import { run } from '../tensor/run.js'
import { Optimizer } from './optimizer.js'
import { checkOption, defined, type Params } from './options.js'
import type { InitialState } from './parameterbuffer.js'
import type { Count } from './stepcounts.js'
import type { Update } from './update.js'

export interface AdamOptions {
  /** Learning rate. */
  lr?: number
  /** β₁ and β₂, the decay of the running means of g and of g². */
  betas?: readonly [number, number]
  /** Keeps the quotient finite where v is 0. */
  eps?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** Divide by the largest v so far. */
  amsgrad?: boolean
}

type Options = Required<AdamOptions>
type State = 'exp_avg' | 'exp_avg_sq' | 'max_exp_avg_sq'

/**
 * Adam: a step of size lr along the mean gradient, each coordinate divided by the root of its mean
 * square.
 *
 *     g ← g + λθ      m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      θ ← θ − lr · m̂ / (√v̂ + ε)
 *
 * where m̂ = m / (1−β₁ᵗ), v̂ = v / (1−β₂ᵗ).   Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
 *
 * With `amsgrad`, v̂ = max v / (1−β₂ᵗ) over all steps.   Reddi et al. 2018, arXiv:1904.09237.
 */
export class Adam extends Optimizer<Options, State> {
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

  protected hyper({ lr, betas, eps, weightDecay }: Options, name: string): number[] {
    checkList(name, 'betas', betas, '[0.9, 0.999]')
    const [b1, b2] = betas
    checkOption(name, 'lr', lr)
    checkOption(name, 'betas[0]', b1, 1)
    checkOption(name, 'betas[1]', b2, 1)
    checkOption(name, 'eps', eps)
    checkOption(name, 'weightDecay', weightDecay)
    const logs = [b1, b2].map(beta => Math.max(Math.log(beta), -1e30)) // log 0 is −∞
    return [lr, b1, b2, eps, weightDecay, ...logs, 1 - b1, 1 - b2]
  }

  protected initialState({ amsgrad }: Options): InitialState<State> {
    return { step: 0, exp_avg: 0, exp_avg_sq: 0, max_exp_avg_sq: amsgrad ? 0 : null }
  }

  protected count(_: Options, count: Count): void {
    run(adamKernel, { entry: 'tick', ...count })
  }

  protected update({ amsgrad }: Options, update: Update<State>): void {
    const constants = { DECOUPLED: this.decoupled }
    run(adamKernel, { entry: amsgrad ? 'amsgrad' : 'step', constants, ...update })
  }
}

/**
 * Adam with the weight decay outside of the quotient:
 *
 *     θ ← θ − lr · (m̂ / (√v̂ + ε) + λθ)
 *
 * `weightDecay` is 0.01 by default.   Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2.
 */
export class AdamW extends Adam {
  protected override readonly decoupled = true

  constructor(params: Params<AdamOptions>, options: AdamOptions = {}) {
    const given = optionsOf('AdamW', options, ['lr', 'betas', 'eps', 'weightDecay', 'amsgrad'])
    super(params, { weightDecay: 0.01, ...defined(given) })
  }
}
