/** Layers and models: a tree of modules, each with its own tensors by name. */
import { zeroGrad } from '../autograd/gradients.js'
import { detach } from '../autograd/ops/detach.js'
import { check } from '../kernels/check.js'
import { holdsWhile } from '../kernels/recording.js'
import { checkFunction, checkTensor, optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { keep } from '../tensor/lifetime.js'
import { Tensor } from '../tensor/tensor.js'
import { addHook, type ForwardHook, type ForwardPreHook, type HookHandle } from './hooks.js'
import { packed } from './packed.js'
import { isMarked, isParameter, parametersIn, setTrainable } from './parameter.js'
import { isAdded, tensorNames, watchForward } from './state.js'
import { checkState, mismatches, type StateDict } from './statedict.js'
import { type SummaryInputs, type SummaryOptions, summarize } from './summary.js'
import { checkNoCollections, eachChild } from './tree.js'

export { parameter } from './parameter.js'
export type { StateDict } from './statedict.js'

/**
 * Base of all layers and models. A property that is a tensor belongs to the module's state: a
 * parameter if it requires a gradient, a buffer if not. A property that is a module is a child.
 * Y is what `forward` returns.
 *
 * Results of ops with a gradient are no state, and neither is a property that `forward` has added.
 * `registerBuffer` declares a buffer wherever it is called.
 */
export abstract class Module<Y = Tensor> {
  private mode = true
  /** The names of buffers that were registered, and whether each is persistent. */
  readonly #buffers = new Map<string, boolean>()

  constructor() {
    watchForward(new.target.prototype)
  }

  /** Whether the module is being trained: dropout and batch norm behave differently otherwise. */
  get training(): boolean {
    return holdsWhile(() => this.mode)
  }

  set training(on: boolean) {
    this.mode = on
  }

  /**
   * The module's function. A class of your own gives its inputs their types: tensors, lists of
   * them, options, and so on.
   */
  abstract forward(...inputs: unknown[]): Y

  /** Child modules with their names, in order. */
  children(): [name: string, child: Module<unknown>][] {
    checkNoCollections(this, value => value instanceof Module)
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
    checkFunction('apply', f)
    eachChild(this, (_, child) => child.apply(f))
    f(this)
    return this
  }

  /**
   * All parameters and buffers of the module and its children, by PyTorch's names:
   * `encoder.0.weight`. With `persistent`, only those that belong to the state.
   */
  namedTensors(prefix = '', { persistent = false } = {}): [name: string, t: Tensor][] {
    const own = tensorNames(this)
      .filter(name => this.owns(name) && !(persistent && this.#buffers.get(name) === false))
      .map((name): [string, Tensor] => [prefix + snakeCase(name), tensorAt(this, name)])
    const below = eachChild(this, (name, child) =>
      child.namedTensors(`${prefix}${this.keyOf(name)}.`, { persistent }),
    )
    return [...own, ...below.flat()]
  }

  /** A child's name in the names of its tensors: runningMean as running_mean. */
  protected keyOf(name: string): string {
    return snakeCase(name)
  }

  /** Whether the tensor of that name is a parameter or a buffer. */
  private owns(name: string): boolean {
    const t = tensorAt(this, name)
    return isMarked(t) || this.#buffers.has(name) || !(t.origin || isAdded(this, name))
  }

  /**
   * Makes a tensor a buffer, which outlives every scope, under a property of that name. One that is
   * not `persistent`, such as a mask that the constructor can make again, is not in the state dict.
   * Returns the tensor:  `readonly mask = this.registerBuffer('mask', …, { persistent: false })`.
   * @throws Error when the name is that of another property, or the tensor requires a gradient
   */
  registerBuffer(name: string, t: Tensor, options: { persistent?: boolean } = {}): Tensor {
    const { persistent = true } = optionsOf('registerBuffer', options, ['persistent'])
    checkTensor('registerBuffer', t)
    const old: unknown = Reflect.get(this, name)
    check(
      old === undefined || old === null || old instanceof Tensor,
      () => `registerBuffer: ${name} is a property of the module already, and no tensor`,
    )
    check(!t.requiresGrad, () => `registerBuffer: ${name} is ${t}; a buffer has no gradient`)
    this.#buffers.set(name, persistent)
    Reflect.set(this, name, keep(t))
    return t
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
  numParameters(options: { trainable?: boolean } = {}): number {
    const { trainable = false } = optionsOf('numParameters', options, ['trainable'])
    const all = new Set(this.namedTensors().map(([, t]) => t))
    return [...all]
      .filter(t => t.requiresGrad || !trainable)
      .reduce((sum, t) => sum + parametersIn(t), 0)
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
    eachChild(this, (_, child) => child.train(on))
    return this
  }

  /** Sets the module and its children to evaluation. Returns itself. */
  eval(): this {
    return this.train(false)
  }

  /**
   * All parameters and persistent buffers by name, as tensors that share the module's memory; but
   * the weight of a HalfLinear is a copy in f32.
   */
  stateDict(): StateDict {
    return Object.fromEntries(
      this.namedTensors('', { persistent: true }).map(([name, t]) => [
        name,
        packed.get(t)?.unpack() ?? detach(t),
      ]),
    )
  }

  /**
   * Copies a state into the module's tensors, in place. Either all of it fits, or nothing changes.
   * @throws Error that names every missing, unexpected and mis-shaped key; if not `strict`, only
   * mis-shaped ones
   */
  loadStateDict(state: StateDict, options: { strict?: boolean } = {}): void {
    const { strict = true } = optionsOf('loadStateDict', options, ['strict'])
    checkState('loadStateDict', state)
    const own = new Map(this.namedTensors('', { persistent: true }))
    const wanted = new Map([...own].map(([name, t]) => [name, packed.get(t) ?? t]))
    const complaints = mismatches(state, wanted, { strict })
    check(
      complaints.length === 0,
      () => `loadStateDict: ${complaints.join('; ')}; nothing was changed`,
    )
    for (const [name, t] of own) {
      const given = state[name]
      if (!given) continue
      const form = packed.get(t)
      if (form) form.pack(given)
      else assign(t, given)
    }
  }
}

const tensorAt = (module: object, name: string): Tensor => Reflect.get(module, name)

/** runningMean as running_mean. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}
