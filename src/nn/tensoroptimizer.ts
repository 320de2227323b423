import { to } from '../autograd/ops/cast.js'
import { detach } from '../autograd/ops/detach.js'
import { select } from '../autograd/ops/slice.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { sgdKernel } from '../kernels/wgsl.js'
import { described } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { scope } from '../tensor/lifetime.js'
import { run } from '../tensor/run.js'
import { sameShape } from '../tensor/shape.js'
import { Tensor } from '../tensor/tensor.js'
import { Optimizer } from './optimizer.js'
import type { Group, Rate } from './options.js'
import type { InitialState } from './parameterbuffer.js'
import type { Count } from './stepcounts.js'
import type { GroupStep } from './update.js'

/** Options as a rule sees them: numbers as scalar tensors, lists as lists of them. */
export type OptionTensors<O> = {
  readonly [K in keyof O]: O[K] extends number
    ? Tensor
    : O[K] extends readonly number[]
      ? Tensor[]
      : O[K]
}

/** A parameter in a step. */
export interface ParameterStep<O, S extends string> {
  /** The parameter θ, and its gradient. */
  readonly theta: Tensor
  readonly grad: Tensor
  /** Its state tensors, of its shape. */
  readonly state: Readonly<Record<S, Tensor>>
  /** The number of its steps, this one included: a scalar. */
  readonly t: Tensor
  readonly options: OptionTensors<O>
}

/**
 * The base of optimizers of your own, whose rule is written in tensor operations:
 *
 *   class Lion extends nn.TensorOptimizer<{ lr: number; betas: [number, number] }, 'exp_avg'> {
 *     constructor(params: nn.Params<{ lr?: number }>, options: { lr?: number } = {}) {
 *       super(params, { lr: 1e-4, betas: [0.9, 0.99] }, options)
 *     }
 *
 *     protected initial() {
 *       return { exp_avg: 0 }
 *     }
 *
 *     protected rule({ theta, grad, state: { exp_avg: m }, options: { lr, betas } }) {
 *       const mix = (beta: Tensor) => m.mul(beta).add(grad.mul(beta.neg().add(1)))
 *       return { theta: theta.sub(mix(betas[0]).sign().mul(lr)), exp_avg: mix(betas[1]) }
 *     }
 *   }
 *
 * Groups, schedulers, `stateDict()`, checkpoints and compiled steps work as for the others. A step
 * launches the rule's operations for each parameter; the others update all of them in one launch.
 */
export abstract class TensorOptimizer<O extends Rate, S extends string = never> extends Optimizer<
  O,
  S
> {
  /** The names of a parameter's state tensors, with their value at first. */
  protected abstract initial(group: O): Record<S, number>

  /** The new values of θ and of the state tensors; one that is left out stays. */
  protected abstract rule(step: ParameterStep<O, S>): { theta: Tensor } & Partial<Record<S, Tensor>>

  protected initialState(group: O): InitialState<S> {
    return { step: 0, ...this.initial(group) }
  }

  protected hyper(group: O, name: string): number[] {
    const numbers = numeric(group).flatMap(([, value]) => value)
    check(
      numbers.every(Number.isFinite),
      () => `${name}: the options are ${JSON.stringify(group)}; numbers must be finite`,
    )
    return numbers
  }

  protected count(_: O, count: Count): void {
    run(sgdKernel, { entry: 'tick', ...count })
  }

  protected update(): void {}

  protected override updateGroup(group: O, { buffer, hyper, hasGrad }: GroupStep): void {
    const { params, ...others } = group as Group<O>
    const states = buffer.states(this.initialState(group))
    noGrad(() => {
      for (const [i, p] of params.entries())
        if (hasGrad[i])
          scope(() => {
            const { step, ...state } = states[i] as Record<S | 'step', Tensor>
            const options = { ...others, ...tensorsOf(group, hyper) } as unknown as OptionTensors<O>
            const [theta, grad, t] = [detach(p), p.grad!, to(step, 'f32')]
            const next = this.rule({ theta, grad, state: state as Record<S, Tensor>, t, options })
            this.assign('theta', p, next?.theta)
            for (const [name, own] of Object.entries<Tensor>(state))
              if (next[name as S]) this.assign(name, own, next[name as S])
          })
    })
  }

  private assign(name: string, to: Tensor, value: unknown): void {
    check(
      value instanceof Tensor && value.dtype === 'f32' && sameShape(value.shape, to.shape),
      () =>
        `${this.constructor.name}: the rule's ${name} is ${described(value)}; ` +
        `it must be a tensor of the parameter's shape [${to.shape}]`,
    )
    assign(to, value)
  }
}

/** The options that are numbers, or lists of them. */
function numeric(group: object): [name: string, value: number | number[]][] {
  return Object.entries(group).filter(
    ([, value]) => typeof value === 'number' || isNumbers(value),
  ) as [string, number | number[]][]
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(n => typeof n === 'number')
}

/** The same options as parts of the buffer from which kernels read them. */
function tensorsOf(group: object, hyper: Tensor): Record<string, Tensor | Tensor[]> {
  let at = 0
  const next = () => select(hyper, 0, at++)
  return Object.fromEntries(
    numeric(group).map(([name, value]) => [name, Array.isArray(value) ? value.map(next) : next()]),
  )
}
