import { rmspropKernel } from '../kernels/wgsl.js'
import { run } from '../tensor/run.js'
import { Optimizer } from './optimizer.js'
import { checkOption, type Params } from './options.js'
import type { InitialState } from './parameterbuffer.js'
import type { Update } from './update.js'

export interface RMSpropOptions {
  /** Learning rate. */
  lr?: number
  /** Decay of the running means. */
  alpha?: number
  /** Keeps the quotient finite where the root is 0. */
  eps?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** μ: the part of b that is kept. */
  momentum?: number
  /** Divide by the standard deviation of the gradient, not by the root of its mean square. */
  centered?: boolean
}

type Options = Required<RMSpropOptions>
type State = 'square_avg' | 'grad_avg' | 'momentum_buffer'

/**
 * RMSprop: a step along the gradient, each coordinate divided by the root of its mean square.
 *
 *     g ← g + λθ      v ← αv + (1−α)g²      θ ← θ − lr · g / (√v + ε)
 *
 * Centered: √(v − m²) instead of √v, with m ← αm + (1−α)g. With momentum: b ← μb + g / (√v + ε),
 * θ ← θ − lr · b.   Tieleman & Hinton 2012, lecture 6.5.
 */
export class RMSprop extends Optimizer<Options, State> {
  constructor(params: Params<RMSpropOptions>, options: RMSpropOptions = {}) {
    const defaults = {
      lr: 0.01,
      alpha: 0.99,
      eps: 1e-8,
      weightDecay: 0,
      momentum: 0,
      centered: false,
    }
    super(params, defaults, options)
  }

  protected hyper(group: Options, name: string): number[] {
    const { lr, alpha, eps, weightDecay, momentum } = group
    for (const what of ['lr', 'eps', 'weightDecay', 'momentum'] as const)
      checkOption(name, what, group[what])
    checkOption(name, 'alpha', alpha, 1)
    return [lr, alpha, 1 - alpha, eps, weightDecay, momentum]
  }

  protected initialState({ momentum, centered }: Options): InitialState<State> {
    return {
      square_avg: 0,
      grad_avg: centered ? 0 : null,
      momentum_buffer: momentum === 0 ? null : 0,
    }
  }

  protected count(): void {} // every step is alike

  protected update({ momentum, centered }: Options, update: Update<State>): void {
    const plain = momentum === 0
    const entry = centered
      ? plain
        ? 'centered'
        : 'centeredMomentum'
      : plain
        ? 'plain'
        : 'momentum'
    run(rmspropKernel, { entry, ...update })
  }
}
