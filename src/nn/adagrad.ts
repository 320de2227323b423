import { adagradKernel } from '../kernels/wgsl.js'
import { run } from '../tensor/run.js'
import { Optimizer } from './optimizer.js'
import { checkOption, type Params } from './options.js'
import type { InitialState } from './parameterbuffer.js'
import type { Count } from './stepcounts.js'
import type { Update } from './update.js'

export interface AdagradOptions {
  /** Learning rate. */
  lr?: number
  /** η: how fast the learning rate falls. */
  lrDecay?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** The initial value of the sum of squares. */
  initialAccumulatorValue?: number
  /** Keeps the quotient finite where the sum is 0. */
  eps?: number
}

type Options = Required<AdagradOptions>
type State = 'sum'

/**
 * Adagrad: a step along the gradient, each coordinate divided by the root of its summed squares.
 *
 *     g ← g + λθ      s ← s + g²      θ ← θ − lr / (1 + (t−1)η) · g / (√s + ε)
 *
 * Duchi, Hazan & Singer 2011, "Adaptive subgradient methods for online learning".
 */
export class Adagrad extends Optimizer<Options, State> {
  constructor(params: Params<AdagradOptions>, options: AdagradOptions = {}) {
    const defaults = {
      lr: 0.01,
      lrDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
    }
    super(params, defaults, options)
  }

  protected hyper(group: Options, name: string): number[] {
    for (const what of ['lr', 'lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps'] as const)
      checkOption(name, what, group[what])
    const { lr, lrDecay, weightDecay, eps } = group
    return [lr, lrDecay, weightDecay, eps]
  }

  protected initialState({ initialAccumulatorValue }: Options): InitialState<State> {
    return { step: 0, sum: initialAccumulatorValue }
  }

  protected count(_: Options, count: Count): void {
    run(adagradKernel, { entry: 'tick', ...count })
  }

  protected update(_: Options, update: Update<State>): void {
    run(adagradKernel, { entry: 'step', ...update })
  }
}
