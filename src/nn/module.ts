/** Layers and models: a tree of modules, each with its own tensors by name. */
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

  /** Whether the module is being trained: dropout and batch norm behave differently otherwise. */
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
    return Object.entries(this).filter(([, value]) => value instanceof Module)
  }

  /** The module and all below it, parents first, each once, by names like `encoder.0`. */
  namedModules(prefix = ''): [name: string, module: Module<unknown>][] {
    const names = new Map<Module<unknown>, string>()
    const visit = (name: string, module: Module<unknown>): void => {
      if (names.has(module)) return
      names.set(module, name)
      for (const [child, below] of module.children())
        visit(name ? `${name}.${child}` : child, below)
    }
    visit(prefix, this)
    return [...names].map(([module, name]) => [name, module])
  }

  /** The module and all below it. */
  modules(): Module<unknown>[] {
    return this.namedModules().map(([, module]) => module)
  }

  /** Calls `f` for every module below, children first, and for this one last. Returns itself. */
  apply(f: (module: Module<unknown>) => void): this {
    for (const [, child] of this.children()) child.apply(f)
    f(this)
    return this
  }

  /** All tensors of the module and its children, by PyTorch's names: `encoder.0.weight`. */
  namedTensors(prefix = ''): [name: string, t: Tensor][] {
    const own = Object.entries(this)
      .filter(([, value]) => value instanceof Tensor)
      .map(([name, t]): [string, Tensor] => [prefix + snakeCase(name), t])
    const below = this.children().flatMap(([name, child]) =>
      child.namedTensors(`${prefix}${snakeCase(name)}.`),
    )
    return [...own, ...below]
  }

  /** The tensors that training changes, with their names; a shared one with its first name. */
  namedParameters(): [name: string, t: Tensor][] {
    const seen = new Set<Tensor>()
    return this.namedTensors().filter(([, t]) => t.requiresGrad && !seen.has(t) && seen.add(t))
  }

  /** The tensors that training changes. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, t]) => t)
  }

  /** Elements in all parameters, shared ones counted once; frozen ones too, unless `trainable`. */
  numParameters({ trainable = false }: { trainable?: boolean } = {}): number {
    const all = new Set(this.namedTensors().map(([, t]) => t))
    return [...all]
      .filter(t => (trainable ? t.requiresGrad : isParameter(t)))
      .reduce((sum, t) => sum + t.size, 0)
  }

  /**
   * Freezes the parameters (`false`), or lets them be trained again. A frozen parameter is not in
   * `parameters()` and does not change, but it stays in the state. Returns itself.
   */
  requiresGrad(on = true): this {
    for (const [, t] of this.namedTensors()) {
      if (!isParameter(t)) continue
      setTrainable(t, on)
      if (!on) zeroGrad(t) // else an optimizer would continue with its last gradient
    }
    return this
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const p of this.parameters()) zeroGrad(p)
  }

  /**
   * Calls `hook(module, inputs)` before every `forward` from now on. A tensor or a list of tensors
   * that it returns replaces the inputs.
   */
  registerForwardPreHook(hook: ForwardPreHook<this>): HookHandle {
    return addHook<Y, this>(this, { before: hook })
  }

  /**
   * Calls `hook(module, inputs, output)` after every `forward` from now on. A value that it returns
   * replaces the output.
   */
  registerForwardHook(hook: ForwardHook<this, Y>): HookHandle {
    return addHook<Y, this>(this, { after: hook })
  }

  /**
   * A table of the layers in the order of their calls, with their output shapes and parameters:
   * `model.summary([32, 784])`, or a list of shapes for several inputs. `forward` runs dry: no
   * kernel runs, no memory is allocated, nothing changes.
   * @throws Error that names the layer whose `forward` throws
   */
  summary(inputs: SummaryInputs, options?: SummaryOptions): string {
    return summarize(this, inputs, options)
  }

  /** Sets the module and its children to training (`false`: to evaluation). Returns itself. */
  train(on = true): this {
    this.training = on
    for (const [, child] of this.children()) child.train(on)
    return this
  }

  /** Sets the module and its children to evaluation. Returns itself. */
  eval(): this {
    return this.train(false)
  }

  /** All parameters and buffers by name, as tensors that share the module's memory. */
  stateDict(): StateDict {
    return Object.fromEntries(this.namedTensors().map(([name, t]) => [name, detach(t)]))
  }

  /**
   * Copies a state into the module's tensors, in place. Either all of it fits, or nothing changes.
   * @throws Error that names every missing, unexpected and mis-shaped key; if not `strict`, only
   * mis-shaped ones
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
