import { launch } from '../kernels/launch.js'
import { checkRate, type Params } from './group.js'
import { type Move, Optimizer, type Slots } from './optimizer.js'

export interface RMSpropOptions {
  /** Learning rate. */
  lr?: number
  /** Decay of the running means. */
  alpha?: number
  /** Keeps the quotient finite where the spread is 0. */
  eps?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** μ: how much of the velocity is kept. */
  momentum?: number
  /** Divide by the spread around the mean gradient, not around 0. */
  centered?: boolean
}

type Options = Required<RMSpropOptions>

/**
 * RMSprop: a step along the gradient, each coordinate divided by the root of its mean square.
 *
 *   g ← g + λθ      v ← αv + (1−α)g²      θ ← θ − lr · g / (√v + ε)
 *
 * Centered, √(v − m²) stands for √v, with m ← αm + (1−α)g; with momentum the quotients are summed up,
 * b ← μb + g / (√v + ε),  θ ← θ − lr · b.   Tieleman & Hinton 2012, lecture 6.5.
 */
export class RMSprop extends Optimizer<Options> {
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

  protected numbers(group: Options, name: string): number[] {
    const { lr, alpha, eps, weightDecay, momentum } = group
    for (const what of ['lr', 'eps', 'weightDecay', 'momentum'] as const)
      checkRate(name, what, group[what])
    checkRate(name, 'alpha', alpha, 1)
    return [lr, alpha, 1 - alpha, eps, weightDecay, momentum]
  }

  protected slots({ momentum, centered }: Options): Slots {
    return { spread: 0, mean: centered ? 0 : null, velocity: momentum === 0 ? null : 0 }
  }

  protected tick(): void {} // no step is unlike another

  protected move({ momentum, centered }: Options, move: Move): void {
    const { params, threads, buffers, memory } = move
    const rest = { params, threads }
    const own = { ...buffers, spread: memory('spread') }
    const mean = () => memory('mean')
    const velocity = () => memory('velocity')
    if (centered && momentum !== 0) {
      const all = { ...own, mean: mean(), velocity: velocity() }
      launch('rmsprop', { entry: 'centeredMomentum', buffers: all, ...rest })
    } else if (centered)
      launch('rmsprop', { entry: 'centered', buffers: { ...own, mean: mean() }, ...rest })
    else if (momentum !== 0)
      launch('rmsprop', { entry: 'momentum', buffers: { ...own, velocity: velocity() }, ...rest })
    else launch('rmsprop', { entry: 'plain', buffers: own, ...rest })
  }
}
