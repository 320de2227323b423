/** What has parameters: a tree of modules, each knowing its own tensors by name. */

import { zeroGrad } from '../autograd/gradients.js'
import { detach } from '../autograd/ops/detach.js'
import { check } from '../kernels/check.js'
import { holdsWhile } from '../kernels/recording.js'
import { assign } from '../tensor/contiguous.js'
import { Tensor } from '../tensor/tensor.js'
import { addHook, type ForwardHook, type ForwardPreHook, type HookHandle } from './hooks.js'
import { isParameter, setTrainable } from './parameter.js'
import { mismatches, type StateDict } from './statedict.js'
import { type SummaryInputs, type SummaryOptions, summarize } from './summary.js'

export { parameter } from './parameter.js'
export type { StateDict } from './statedict.js'

/**
 * Base of all layers and models. A property that is a tensor belongs to the module's state: a
 * parameter if it requires a gradient, a buffer if not. A property that is a module is a child.
 * Y is what `forward` returns.
 */
export abstract class Module<Y = Tensor> {
  private mode = true

  /** Whether the module is being trained; some layers behave otherwise when it is not. */
  get training(): boolean {
    return holdsWhile(() => this.mode)
  }

  set training(on: boolean) {
    this.mode = on
  }

  /** The module's function. */
  abstract forward(...inputs: Tensor[]): Y

  /** Child modules with their names, in order. */
  children(): [name: string, child: Module<unknown>][] {
    return Object.entries(this).filter(
      (pair): pair is [string, Module<unknown>] => pair[1] instanceof Module,
    )
  }

  /** The module and all below it, parents first, under names like `encoder.0`; one that is shared, once. */
  namedModules(prefix = ''): [name: string, module: Module<unknown>][] {
    const seen = new Set<unknown>()
    const below = (name: string, module: Module<unknown>): [string, Module<unknown>][] => {
      if (seen.has(module)) return []
      seen.add(module)
      const inner = (child: string) => (name ? `${name}.${child}` : child)
      return [
        [name, module],
        ...module.children().flatMap(([child, one]) => below(inner(child), one)),
      ]
    }
    return below(prefix, this)
  }

  /** The module and all below it. */
  modules(): Module<unknown>[] {
    return this.namedModules().map(([, module]) => module)
  }

  /** Calls `f` with every module below, children before parents, and with this one last. Returns itself. */
  apply(f: (module: Module<unknown>) => void): this {
    for (const [, child] of this.children()) child.apply(f)
    f(this)
    return this
  }

  /** All tensors of the module and its children, under PyTorch's names: `encoder.0.weight`, `running_mean`. */
  namedTensors(prefix = ''): [name: string, t: Tensor][] {
    const own = Object.entries(this).filter(
      (pair): pair is [string, Tensor] => pair[1] instanceof Tensor,
    )
    return [
      ...own.map(([name, t]): [string, Tensor] => [prefix + snakeCase(name), t]),
      ...this.children().flatMap(([name, child]) =>
        child.namedTensors(`${prefix}${snakeCase(name)}.`),
      ),
    ]
  }

  /** The tensors that training changes, with their names; one that is shared, under its first. */
  namedParameters(): [name: string, t: Tensor][] {
    const seen = new Set<Tensor>()
    return this.namedTensors().filter(([, t]) => t.requiresGrad && !seen.has(t) && seen.add(t))
  }

  /** The tensors that training changes. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, t]) => t)
  }

  /** How many numbers the parameters hold, shared ones counted once; frozen ones too, unless only `trainable`. */
  numParameters({ trainable = false }: { trainable?: boolean } = {}): number {
    const all = new Set(this.namedTensors().map(([, t]) => t))
    return [...all]
      .filter(t => (trainable ? t.requiresGrad : isParameter(t)))
      .reduce((sum, t) => sum + t.size, 0)
  }

  /**
   * Freezes the parameters (`false`), or lets them be trained again. What is frozen is in no
   * `parameters()` and moves no further; it stays in the state. Returns itself.
   */
  requiresGrad(on = true): this {
    for (const [, t] of this.namedTensors()) {
      if (!isParameter(t)) continue
      setTrainable(t, on)
      if (!on) zeroGrad(t) // else an optimizer that knows it would go on with its last gradient
    }
    return this
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const p of this.parameters()) zeroGrad(p)
  }

  /**
   * Has `hook(module, inputs)` called before every `forward` from now on. What it returns, a tensor or a
   * list of them, takes the inputs' place.
   */
  registerForwardPreHook(hook: ForwardPreHook<this>): HookHandle {
    return addHook<Y, this>(this, { before: hook })
  }

  /**
   * Has `hook(module, inputs, output)` called after every `forward` from now on. What it returns takes the
   * output's place.
   */
  registerForwardHook(hook: ForwardHook<this, Y>): HookHandle {
    return addHook<Y, this>(this, { after: hook })
  }

  /**
   * A table of the layers in the order in which they are called, with the shapes that come out of them and
   * their parameters:  `model.summary([32, 784])`, or a list of shapes for several inputs. `forward` runs
   * dry for it: no kernel runs, no memory is taken, nothing is changed.
   * @throws Error that names the layer, where `forward` throws one
   */
  summary(inputs: SummaryInputs, options?: SummaryOptions): string {
    return summarize(this, inputs, options)
  }

  /** Sets the module and its children to training, or with `false` to evaluation. Returns itself. */
  train(on = true): this {
    this.training = on
    for (const [, child] of this.children()) child.train(on)
    return this
  }

  /** Sets the module and its children to evaluation. Returns itself. */
  eval(): this {
    return this.train(false)
  }

  /** All parameters and buffers by name. The tensors share the module's memory: they change with it. */
  stateDict(): StateDict {
    return Object.fromEntries(this.namedTensors().map(([name, t]) => [name, detach(t)]))
  }

  /**
   * Copies a state into the module's tensors, in place. Either all of it fits, or nothing is changed.
   * @throws Error naming every missing, unexpected and mis-shaped key; with `strict: false` only the last
   */
  loadStateDict(state: StateDict, { strict = true }: { strict?: boolean } = {}): void {
    const own = new Map(this.namedTensors())
    const complaints = mismatches(state, own, { strict })
    check(
      complaints.length === 0,
      () => `loadStateDict: ${complaints.join('; ')}; nothing was changed`,
    )
    for (const [name, t] of own) if (state[name]) assign(t, state[name])
  }
}

/** runningMean as running_mean. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}
