import { check } from '../kernels/check.js'
import { sgdKernel } from '../kernels/wgsl.js'
import { run } from '../tensor/run.js'
import { Optimizer } from './optimizer.js'
import { checkOption, type Params } from './options.js'
import type { InitialState } from './parameterbuffer.js'
import type { Count } from './stepcounts.js'
import type { Update } from './update.js'

export interface SGDOptions {
  /** Learning rate. */
  lr?: number
  /** μ: the part of the velocity that is kept. */
  momentum?: number
  /** τ: the part of the gradient that does not enter the velocity. */
  dampening?: number
  /** λ in g ← g + λθ. */
  weightDecay?: number
  /** Look ahead along the velocity; needs momentum and no dampening. */
  nesterov?: boolean
}

type Options = Required<SGDOptions>
type State = 'momentum_buffer'

/**
 * Stochastic gradient descent:  g ← g + λθ,  θ ← θ − lr · g.
 *
 * With momentum  v ← μv + (1−τ)g  (v ← g in the first step),  θ ← θ − lr · v.
 * With Nesterov's momentum  θ ← θ − lr · (g + μv).
 * Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
 */
export class SGD extends Optimizer<Options, State> {
  constructor(params: Params<SGDOptions>, options: SGDOptions = {}) {
    const defaults = { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false }
    super(params, defaults, options)
  }

  protected hyper(group: Options, name: string): number[] {
    const { lr, momentum, dampening, weightDecay, nesterov } = group
    for (const what of ['lr', 'momentum', 'dampening', 'weightDecay'] as const)
      checkOption(name, what, group[what])
    check(
      !nesterov || (momentum > 0 && dampening === 0),
      () =>
        `${name}: nesterov with momentum ${momentum} and dampening ${dampening}; ` +
        'it needs momentum above 0 and no dampening',
    )
    return [lr, momentum, dampening, weightDecay]
  }

  protected initialState({ momentum }: Options): InitialState<State> {
    const initial = momentum === 0 ? null : 0
    return { step: initial, momentum_buffer: initial }
  }

  protected count({ momentum }: Options, count: Count): void {
    if (momentum !== 0) run(sgdKernel, { entry: 'tick', ...count })
  }

  protected update({ momentum, nesterov }: Options, update: Update<State>): void {
    if (momentum === 0) run(sgdKernel, { entry: 'plain', ...update })
    else run(sgdKernel, { entry: 'momentum', constants: { NESTEROV: nesterov }, ...update })
  }
}
