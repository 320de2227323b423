/** Fine-tuning with few parameters: low-rank changes beside frozen weights. */
import { detach } from '../autograd/ops/detach.js'
import { check } from '../kernels/check.js'
import { checkFinite, described, optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Adaptable, adaptable, adapted, layersOf } from './adaptable.js'
import { LowRank } from './lowrank.js'
import { Module } from './module.js'
import type { NamePattern } from './namepattern.js'
import { checkState, mismatches, type StateDict } from './statedict.js'

export interface LoraOptions {
  /** r: the columns of B and the rows of A. */
  rank: number
  /** B·A is multiplied by alpha / rank; `rank` by default. */
  alpha?: number
  /** Which layers, by their names; by default every Linear and Conv2d. */
  pattern?: NamePattern
}

/**
 * Freezes a model, and gives its Linear and Conv2d layers small factors A and B that are trained in
 * place of the weight W:
 *
 *     y = W x + (alpha / rank) · B(A x) + b
 *
 * At first B is 0, so the model computes what it computed before.
 *
 *     const lora = nn.lora(model, { rank: 4, alpha: 8, pattern: 'decoder' })
 *     const optimizer = new nn.Adam(lora.parameters())
 *
 * Hu et al. 2021, arXiv:2106.09685.
 * @throws Error when no such layer has a name that matches, when a layer has an adapter already or
 * shares its weight, and when the groups of a convolution do not divide the rank
 */
export function lora(model: Module<unknown>, options: LoraOptions): Lora {
  check(
    model instanceof Module,
    () => `lora: got ${described(model)} where a module belongs: lora(model, { rank: 4 })`,
  )
  const { rank, alpha = rank, pattern = '*' } = optionsOf('lora', options, optionNames)
  check(
    Number.isInteger(rank) && rank > 0,
    () => `lora: rank is ${described(rank)}; it must be a whole number above 0`,
  )
  checkFinite('lora', 'alpha', alpha)
  const layers = layersOf('lora', model, pattern, adaptable)
  const adapters = layers.map(
    ([name, layer]) => [name, new LowRank(name, layer, rank, alpha / rank)] as const,
  )
  model.requiresGrad(false)
  return new Lora(layers, new Map(adapters))
}

const optionNames = ['rank', 'alpha', 'pattern'] as const

/** The adapters of a model, as `lora` makes them. `saveCheckpoint` takes it as a part. */
export class Lora {
  #state: 'beside' | 'merged' | 'removed' = 'beside'
  readonly #layers: readonly [string, Adaptable][]
  readonly #adapters: ReadonlyMap<string, LowRank>

  constructor(layers: readonly [string, Adaptable][], adapters: ReadonlyMap<string, LowRank>) {
    this.#layers = layers
    this.#adapters = adapters
    for (const adapter of adapters.values()) adapter.attach()
    for (const [, layer] of layers) adapted.add(layer)
  }

  /** The names of the layers that have an adapter. */
  get layers(): string[] {
    return [...this.#adapters.keys()]
  }

  /** Whether the layers' weights are W + (alpha / rank)·B·A now. */
  get merged(): boolean {
    return this.#state === 'merged'
  }

  /** All A and B, for an optimizer. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, t]) => t)
  }

  /** All A and B by names like `encoder.0.lora_A.weight`. */
  namedParameters(): [name: string, t: Tensor][] {
    return [...this.#adapters].flatMap(([name, { a, b }]): [string, Tensor][] => [
      [join(name, 'lora_A.weight'), a],
      [join(name, 'lora_B.weight'), b],
    ])
  }

  /**
   * Adds (alpha / rank)·B·A to the weights: the model is as fast as before, and its state has the
   * sum. Training goes on after `unmerge`. Returns itself. @throws Error after `remove`
   */
  merge(): this {
    check(
      this.#state !== 'removed',
      () => 'lora: merge: these adapters were removed; make new ones with lora()',
    )
    if (!this.merged) for (const adapter of this.#adapters.values()) adapter.merge()
    this.#state = 'merged'
    return this
  }

  /** Puts the weights back that were there before `merge`, bit by bit. Returns itself. */
  unmerge(): this {
    if (!this.merged) return this
    for (const adapter of this.#adapters.values()) adapter.unmerge()
    this.#state = 'beside'
    return this
  }

  /**
   * Takes the adapters away: after `merge` the weights keep the sum, otherwise the model is what it
   * was. Its parameters stay frozen; `unfreeze` frees them. Its state can still be read.
   */
  remove(): void {
    for (const adapter of this.#adapters.values()) adapter.remove()
    for (const [, layer] of this.#layers) adapted.delete(layer)
    this.#state = 'removed'
  }

  /** All A and B, without the model: the file of a fine-tuning is small. */
  stateDict(): StateDict {
    return Object.fromEntries(this.namedParameters().map(([name, t]) => [name, detach(t)]))
  }

  /**
   * Copies A and B from a state, in place. Either all of it fits, or nothing changes.
   * @throws Error that names every missing, unexpected and mis-shaped key
   */
  loadStateDict(state: StateDict): void {
    checkState('lora: loadStateDict', state)
    const own = new Map(this.namedParameters())
    const complaints = mismatches(state, own)
    check(
      complaints.length === 0,
      () => `lora: loadStateDict: ${complaints.join('; ')}; nothing was changed`,
    )
    const { merged } = this
    this.unmerge()
    for (const [name, t] of own) assign(t, state[name])
    if (merged) this.merge()
  }
}

const join = (...parts: string[]) => parts.filter(Boolean).join('.')
