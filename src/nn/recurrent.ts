/** The base of recurrent layers: parameters, directions, layers. A subclass says which cell. */
import { cat, stack } from '../autograd/ops/cat.js'
import { dropout as dropped } from '../autograd/ops/dropout.js'
import { transpose } from '../autograd/ops/permute.js'
import { reshape, squeeze, unsqueeze } from '../autograd/ops/reshape.js'
import { narrow, select } from '../autograd/ops/slice.js'
import { check } from '../kernels/check.js'
import { type CellName, cells } from '../launches/recurrentstates.js'
import { checkTensor, described, optionsOf } from '../tensor/arguments.js'
import { zeros } from '../tensor/create.js'
import { type Shape, sameShape, show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { statesOf, weightsOf } from './cell.js'
import { Module } from './module.js'
import { uniformParameter } from './parameter.js'
import { type RecurrentOptions, recurrentOptions } from './recurrentoptions.js'

/**
 * Cells that read a sequence step by step. Y is what `forward` returns.
 *
 * Their parameters have PyTorch's names, for layer 0: weight_ih_l0 [gates · hidden, in],
 * weight_hh_l0 [gates · hidden, hidden], bias_ih_l0 and bias_hh_l0 [gates · hidden], and the same
 * with `_reverse` for the cell that reads from the end. All are uniform in ±1/√hidden at first.
 */
export abstract class Recurrent<Y> extends Module<Y> {
  readonly numLayers: number
  readonly bias: boolean
  readonly batchFirst: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  readonly #cell: CellName

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    cell: CellName,
    options: RecurrentOptions,
  ) {
    super()
    this.#cell = cell
    const { name } = this.constructor
    const given = optionsOf(name, options, recurrentOptions)
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0 } = given
    const sizes = [inputSize, hiddenSize, numLayers]
    check(
      sizes.every(n => Number.isInteger(n) && n > 0),
      () =>
        `${name}: ${sizes.slice(0, 2).map(described).join(' to ')} features in ` +
        `${described(numLayers)} layers; all are whole numbers above 0`,
    )
    check(dropout >= 0 && dropout <= 1, () => `${name}: dropout is ${dropout}; it is from 0 to 1`)
    this.numLayers = numLayers
    this.bias = bias
    this.batchFirst = batchFirst
    this.dropout = dropout
    this.bidirectional = given.bidirectional ?? false
    const { suffixes } = this
    const rows = cells[cell].gates * hiddenSize
    for (let layer = 0; layer < numLayers; layer++)
      for (const suffix of suffixes) {
        const into = layer === 0 ? inputSize : hiddenSize * suffixes.length
        const shapes = { weight_ih: [rows, into], weight_hh: [rows, hiddenSize] }
        const all = bias ? { ...shapes, bias_ih: [rows], bias_hh: [rows] } : shapes
        for (const [part, shape] of Object.entries(all))
          Reflect.set(this, `${part}_l${layer}${suffix}`, uniformParameter(shape, hiddenSize))
      }
  }

  /** Of each direction, behind the names of its parameters. */
  private get suffixes(): string[] {
    return this.bidirectional ? ['', '_reverse'] : ['']
  }

  /**
   * Outputs and last states for x and the states at first; zeros by default.
   * @throws Error when shapes do not fit
   */
  protected run(x: Tensor, given: readonly Tensor[] | undefined) {
    const isBatch = this.checkInput(x)
    const sequence = !isBatch ? unsqueeze(x, 1) : this.batchFirst ? transpose(x, 0, 1) : x
    const { numLayers, hiddenSize, suffixes, dropout: p, training } = this
    const size = [numLayers * suffixes.length, sequence.shape[1], hiddenSize]
    const first = this.initial(given, isBatch ? size : [size[0], hiddenSize], size)
    const last: Tensor[][] = []
    let y = sequence // [l, n, features]
    for (let layer = 0; layer < numLayers; layer++) {
      if (layer > 0) y = dropped(y, p, { training })
      const sides = suffixes.map(suffix => {
        const state = first.map(states => select(states, 0, last.length))
        const { outputs, end } = this.read(y, `_l${layer}${suffix}`, state)
        last.push(end)
        return outputs
      })
      y = sides.length > 1 ? cat(sides, -1) : sides[0]
    }
    const ends = first.map((_, i) => stack(last.map(end => end[i])))
    if (!isBatch) return { y: squeeze(y, 1), ends: ends.map(end => squeeze(end, 1)) }
    return { y: this.batchFirst ? transpose(y, 0, 1) : y, ends }
  }

  /** One cell over all steps, from the end if its name says so. */
  private read(x: Tensor, name: string, start: Tensor[]) {
    const reverse = name.endsWith('_reverse')
    const states = statesOf(x, weightsOf(this, name), start, { cell: this.#cell, reverse })
    const l = x.shape[0]
    const last = (i: number) => i * (l + 1) + (reverse ? 0 : l)
    return {
      outputs: narrow(states, 0, reverse ? 0 : 1, l),
      end: start.map((_, i) => select(states, 0, last(i))),
    }
  }

  /** Whether there is a batch. @throws Error when x does not fit */
  private checkInput(x: Tensor): boolean {
    const { name } = this.constructor
    checkTensor(name, x)
    const { inputSize, batchFirst } = this
    const isBatch = x.rank === 3
    check(
      (isBatch || x.rank === 2) &&
        x.shape.at(-1) === inputSize &&
        x.shape[isBatch && batchFirst ? 1 : 0] > 0,
      () =>
        `${name}: x is ${show(x.shape)}; it must be [${batchFirst ? 'n, length' : 'length, n'}, ` +
        `${inputSize}] or [length, ${inputSize}], of one step or more`,
    )
    return isBatch
  }

  /** The states at first, each of `size`. */
  private initial(given: readonly Tensor[] | undefined, wanted: Shape, size: Shape) {
    const count = cells[this.#cell].states
    if (!given) return Array.from({ length: count }, () => zeros(size))
    const { name } = this.constructor
    checkTensor(name, ...given)
    check(
      given.length === count && given.every(state => sameShape(state.shape, wanted)),
      () =>
        `${name}: the state is ${given.map(t => show(t.shape))}; it must be ` +
        `${show(wanted)}${count > 1 ? ' twice' : ''}`,
    )
    return given.map(state => reshape(state, size))
  }
}
