/** The base of all optimizers: groups of parameters, the state of each parameter, and the step. */
import { zeroGrad } from '../autograd/gradients.js'
import { watchGradUsed } from '../compile/watch.js'
import { eachTime, holdsOnlyIf, holdsWhile } from '../kernels/recording.js'
import { optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import type { Tensor } from '../tensor/tensor.js'
import { HyperBuffers } from './hyperbuffer.js'
import { loadGroups, type OptimizerState, saveState } from './optimizerstate.js'
import { defined, type Group, groupsOf, type Params, type Rate } from './options.js'
import { type InitialState, ParameterBuffer } from './parameterbuffer.js'
import type { Count } from './stepcounts.js'
import type { GroupStep, Update } from './update.js'

/**
 * Groups of parameters to train, each with its options O. Options and step counts lie in small
 * buffers on the GPU, where kernels read them: so a recorded step sees every change.
 */
export abstract class Optimizer<O extends Rate = Rate, S extends string = string> {
  readonly groups: readonly Group<O>[]
  private readonly hypers: readonly HyperBuffers[] // per group, as the next
  private readonly buffers: readonly ParameterBuffer[]

  constructor(params: Params<Partial<O>>, defaults: O, options: Partial<O>) {
    const { name } = new.target
    optionsOf(name, options, Object.keys(defaults) as never[])
    this.groups = groupsOf(name, params, { ...defaults, ...defined(options) })
    this.hypers = this.groups.map((group, g) => new HyperBuffers(this.hyperOf(group, g).length))
    this.buffers = this.groups.map(group => new ParameterBuffer(group.params))
    this.allocate()
  }

  /** The group's options as the kernel's struct Hyper. @throws Error when one is out of range */
  protected abstract hyper(group: O, name: string): number[]

  protected abstract initialState(group: O): InitialState<S>

  /** Launches what counts a step, if the kernel needs the count. */
  protected abstract count(group: O, count: Count): void

  /** Launches what updates parameters. */
  protected abstract update(group: O, update: Update<S>): void

  /** The learning rate of the first group; setting it sets that of all groups. */
  get lr(): number {
    return this.groups[0].lr
  }

  set lr(lr: number) {
    for (const group of this.groups) group.lr = lr
  }

  /** The parameters of all groups. */
  get params(): readonly Tensor[] {
    return this.groups.flatMap(({ params }) => params)
  }

  /** Forgets the gradients, so that the next backward() starts from nothing. */
  zeroGrad(): void {
    for (const p of this.params) zeroGrad(p)
  }

  /** Updates every parameter that has a gradient; the others stay as they are. */
  step(): void {
    const hypers = this.hypers.map(buffers => buffers.next())
    eachTime(() => {
      this.allocate()
      for (const [g, group] of this.groups.entries()) hypers[g].set(this.hyperOf(group, g))
    })
    holdsWhile(() => this.structure)
    holdsOnlyIf(() => this.buffers.every(buffer => buffer.hasAll()))
    for (const p of this.params) watchGradUsed(p)
    for (const [g, group] of this.groups.entries()) {
      const [buffer, hyper] = [this.buffers[g], hypers[g].tensor]
      const hasGrad = group.params.map(p => p.grad !== null)
      for (const count of buffer.counts.launches(hasGrad, hyper)) this.count(group, count)
      for (const [i, p] of group.params.entries()) {
        if (!p.grad) continue
        buffer.copyGradient(i)
        p.storage.markChanged()
      }
      this.updateGroup(group, { buffer, hyper, hasGrad })
    }
  }

  /** Updates those parameters of a group that have a gradient. */
  protected updateGroup(group: O, { buffer, hyper, hasGrad }: GroupStep): void {
    const tensors = { ...buffer.tensors, hyper } as Update<S>['tensors']
    for (const params of buffer.ranges(hasGrad))
      this.update(group, { params, tensors, threads: params.n })
  }

  /**
   * All that a later run needs to continue this one: each parameter's state under keys like
   * `0.exp_avg`, in the optimizer's own memory, and the groups' options, which are plain JSON.
   *
   *     encodeSafetensors(await toHost(state.tensors), { groups: JSON.stringify(state.groups) })
   */
  stateDict(): OptimizerState {
    this.allocate()
    const states = this.groups.flatMap((group, g) =>
      this.buffers[g].states(this.initialState(group)),
    )
    return saveState(this.groups, states)
  }

  /**
   * Continues from a state of `stateDict()`. Either all of it fits, or nothing is changed.
   * @throws Error that names everything that is missing, unexpected, mis-shaped or out of range
   */
  loadStateDict(state: OptimizerState): void {
    const tensors = loadGroups(this.constructor.name, state, this.groups, {
      initialState: group => this.initialState(group),
      hyper: (group, g) => this.hyperOf(group, g),
    })
    this.allocate()
    for (const [g, group] of this.groups.entries()) this.buffers[g].reset(this.initialState(group))
    const own = this.stateDict().tensors
    for (const [key, t] of Object.entries(tensors)) if (own[key]) assign(own[key], t)
  }

  /** Moves the parameters in, and makes the state tensors that the options need. */
  private allocate(): void {
    for (const [g, group] of this.groups.entries())
      this.buffers[g].allocate(this.initialState(group))
  }

  /**
   * What decides which launches a step consists of, apart from which gradients there are. Options
   * that are numbers, or lists of them, are read by the kernels instead.
   */
  private get structure(): string {
    return JSON.stringify(
      this.groups.map(({ params, ...options }) => [
        Object.values(options).filter(value => ![value].flat().every(Number.isFinite)),
        Object.values(this.initialState({ params, ...options } as unknown as Group<O>)),
      ]),
    )
  }

  private hyperOf(group: O, g: number): number[] {
    const { name } = this.constructor
    return this.hyper(group, this.groups.length > 1 ? `${name}: group ${g}` : name)
  }
}
