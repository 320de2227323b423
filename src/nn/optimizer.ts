/** What every optimizer does: own groups of parameters, remember things of each, take steps. */
import { zeroGrad } from '../autograd/backward.js'
import { detach } from '../autograd/ops/detach.js'
import { watchGradUsed } from '../compile/watch.js'
import { check } from '../kernels/check.js'
import type { Lease } from '../kernels/pool.js'
import { eachTime, holdsWhile } from '../kernels/recording.js'
import { assign } from '../tensor/contiguous.js'
import { full, zeros } from '../tensor/create.js'
import { keep } from '../tensor/lifetime.js'
import { show } from '../tensor/shape.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { Flat } from './flat.js'
import { type Group, groupsOf, Numbers, type Params, type Rate, stated } from './group.js'
import type { StateDict } from './module.js'
import { complaintsAbout, type OptimizerState } from './optimizerstate.js'

/** Names of what is remembered of a parameter, with first values; null is not needed with the group's options. */
export type Slots = Readonly<Record<string, number | null>>

/** A launch that counts a step of some of a group's parameters. */
export interface Tick {
  params: { n: number; base: number; moves: number[] }
  buffers: { hyper: Lease; clocks: Lease }
  threads: number
}

/** What every launch that moves parameters needs: a run of neighbours, and the group's buffers. */
export interface Move {
  params: Tick['params']
  buffers: { hyper: Lease; grad: Lease; theta: Lease }
  /** Whose clock counts for which part of the buffers. */
  clocks: { clocks_now: Lease; owners: Lease }
  threads: number
  /** The buffer of something that is remembered. */
  memory(slot: string): Lease
}

/**
 * Groups of parameters to train, and the numbers that steer the training. Numbers and step counts live in
 * small buffers on the GPU; kernels read them there, so a recorded step sees every change. O are the options.
 */
export abstract class Optimizer<O extends Rate = Rate> {
  readonly groups: readonly Group<O>[]
  private readonly hypers: readonly Numbers[]
  private readonly clocks: readonly Tensor[]
  private readonly flats: readonly Flat[]
  /** What is remembered, by group and slot. */
  private readonly remembered: readonly Record<string, Tensor>[]

  constructor(params: Params<Partial<O>>, defaults: O, options: Partial<O>) {
    const { name } = this.constructor
    this.groups = groupsOf(name, params, { ...defaults, ...stated(options) })
    this.hypers = this.groups.map((group, i) => new Numbers(this.numbersOf(group, i).length))
    this.clocks = this.groups.map(group => keep(zeros([group.params.length, 4], { dtype: 'u32' })))
    this.flats = this.groups.map(({ params }) => new Flat(params))
    this.remembered = this.groups.map(() => ({}))
    this.settle()
  }

  /** The group's options as the kernel's Hyper holds them. @throws Error when one is out of range */
  protected abstract numbers(group: O, name: string): number[]

  protected abstract slots(group: O): Slots

  /** Counts a step, if the optimizer's kernel wants to know. */
  protected abstract tick(group: O, tick: Tick): void

  /** Launches what moves parameters. */
  protected abstract move(group: O, move: Move): void

  /** The learning rate of the first group; setting it sets that of all. */
  get lr(): number {
    return this.groups[0].lr
  }

  set lr(lr: number) {
    for (const group of this.groups) group.lr = lr
  }

  /** Changes every parameter that has a gradient; those without are left alone. */
  step(): void {
    eachTime(() => this.prepare())
    holdsWhile(() => this.form)
    for (const p of this.params) watchGradUsed(p)
    for (const [g, group] of this.groups.entries()) {
      const hyper = this.hypers[g].tensor.storage.lease
      const clocks = this.clocks[g].storage.lease
      const moving = group.params.map(p => p.grad !== null)
      for (const params of ticks(moving))
        this.tick(group, { params, buffers: { hyper, clocks }, threads: params.n })
      for (const [i, p] of group.params.entries()) {
        if (!p.grad) continue
        this.flats[g].bringHome(i, gradientOf(p))
        p.storage.markChanged()
      }
      const { theta, grad, owners } = this.flats[g].buffers
      for (const run of this.flats[g].runs(moving))
        this.move(group, {
          params: { ...run, moves: [] },
          buffers: { hyper, grad, theta },
          clocks: { clocks_now: clocks, owners },
          threads: run.n,
          memory: slot => this.remembered[g][slot].storage.lease,
        })
    }
  }

  /**
   * Lays the parameters side by side, makes what the options ask to be remembered, and sends numbers that have changed
   * to the GPU. A step begins with it, recorded or not, and so does every replay.
   */
  private prepare(): void {
    this.settle()
    for (const [i, group] of this.groups.entries()) this.hypers[i].set(this.numbersOf(group, i))
  }

  /** What decides which launches a step consists of, apart from the gradients that there are. */
  private get form(): string {
    return JSON.stringify(
      this.groups.map(({ params, ...options }) => [
        Object.values(options).filter(value => typeof value !== 'number'),
        Object.values(this.slots({ params, ...options } as unknown as Group<O>)),
      ]),
    )
  }

  /** Forgets the gradients, so that the next backward() starts from nothing. */
  zeroGrad(): void {
    for (const p of this.params) zeroGrad(p)
  }

  /** The parameters of all groups. */
  get params(): readonly Tensor[] {
    return this.groups.flatMap(({ params }) => params)
  }

  /**
   * All that a later run needs to go on as if this one had not stopped: what is remembered of parameter i under
   * keys like `0.mean`, sharing the optimizer's memory, and the groups' options, which are plain JSON.
   *
   *     encodeSafetensors(await toHost(state.tensors), { groups: JSON.stringify(state.groups) })
   */
  stateDict(): OptimizerState {
    this.settle()
    const entries = this.slotsOfParams().flatMap((slots, i) =>
      Object.entries(slots).map(([slot, t]) => [`${i}.${slot}`, detach(t)]),
    )
    let count = 0
    const groups = this.groups.map(({ params, ...options }) =>
      structuredClone({ ...options, params: params.map(() => count++) }),
    ) as unknown as OptimizerState['groups']
    return { tensors: Object.fromEntries(entries) as StateDict, groups }
  }

  /**
   * Goes on from a state of `stateDict()`. Either all of it fits, or nothing is changed.
   * @throws Error that names everything that is missing, unexpected, mis-shaped or out of range
   */
  loadStateDict(state: OptimizerState): void {
    const complaints = complaintsAbout(state, this.groups, {
      slots: group => this.slots(group),
      numbers: (group, i) => this.numbersOf(group, i),
    })
    check(
      complaints.length === 0,
      () =>
        `${this.constructor.name}: loadStateDict: ${complaints.join('; ')}; nothing was changed`,
    )
    for (const [i, group] of this.groups.entries()) {
      const { params, ...options } = structuredClone(state.groups[i])
      Object.assign(group, options)
    }
    this.settle()
    for (const clocks of this.clocks) assign(clocks, zeros(clocks.shape, { dtype: 'u32' }))
    const groupOf = this.groups.flatMap(group => group.params.map(() => group))
    for (const [i, slots] of this.slotsOfParams().entries()) {
      for (const [slot, t] of Object.entries(slots)) {
        const first = () => full(t.shape, this.slots(groupOf[i])[slot] ?? 0, { dtype: t.dtype })
        assign(t, state.tensors[`${i}.${slot}`] ?? first())
      }
    }
  }

  /** What is remembered of each parameter, as tensors of its shape; and its clock, if steps are counted. */
  private slotsOfParams(): Record<string, Tensor>[] {
    return this.groups.flatMap((group, g) =>
      group.params.map((_, i) => {
        const clock = view(this.clocks[g], { shape: [], strides: [], offset: 4 * i }, 'step')
        const counts = (this.slots(group).step ?? null) !== null
        const slots = Object.entries(this.remembered[g])
        return {
          ...(counts && { step: clock }),
          ...Object.fromEntries(slots.map(([slot, t]) => [slot, this.flats[g].part(t, i)])),
        }
      }),
    )
  }

  private settle(): void {
    for (const [g, group] of this.groups.entries()) {
      this.flats[g].settle()
      for (const [slot, first] of Object.entries(this.slots(group)))
        if (slot !== 'step' && first !== null)
          this.remembered[g][slot] ??= this.flats[g].another(first)
    }
  }

  private numbersOf(group: O, i: number): number[] {
    const { name } = this.constructor
    return this.numbers(group, this.groups.length > 1 ? `${name}: group ${i}` : name)
  }
}

/** The gradient of a parameter. @throws Error when shapes differ */
function gradientOf(p: Tensor): Tensor {
  const { grad } = p
  check(
    grad && grad.dtype === 'f32' && show(grad.shape) === show(p.shape),
    () => `step: the gradient of ${p} is ${grad}; it must be f32 of the same shape`,
  )
  return grad
}

/**
 * Which clocks go on, as bits, 1024 to a launch. They are part of the launch, so that a recorded step counts
 * for the parameters that it moves, whatever has a gradient when it is replayed.
 */
function ticks(moving: readonly boolean[]): Tick['params'][] {
  const perLaunch = 1024
  return Array.from({ length: Math.ceil(moving.length / perLaunch) }, (_, part) => {
    const some = moving.slice(part * perLaunch, (part + 1) * perLaunch)
    const moves = Array.from({ length: perLaunch / 32 }, () => 0)
    for (const [i, moves32] of some.entries()) if (moves32) moves[i >> 5] |= 1 << (i & 31)
    return { n: some.length, base: part * perLaunch, moves }
  }).filter(({ moves }) => moves.some(bits => bits !== 0))
}
