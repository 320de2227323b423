import { embedding } from '../autograd/ops/embedding.js'
import { check } from '../kernels/check.js'
import { optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { zeros } from '../tensor/create.js'
import { randn } from '../tensor/random.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'

export interface EmbeddingOptions {
  /** The index of an entry that means "nothing": zero at first, and never trained. */
  paddingIdx?: number | null
}

/**
 * A table of vectors, at first drawn from N(0, 1):  y[…, i] = weight[index[…], i]
 * index i32 [...]   weight [entries, width]   y [..., width]
 */
export class Embedding extends Module {
  readonly weight: Tensor
  readonly paddingIdx: number | null

  constructor(entries: number, width: number, options: EmbeddingOptions = {}) {
    super()
    const { paddingIdx = null } = optionsOf('Embedding', options, ['paddingIdx'])
    check(
      [entries, width].every(n => Number.isInteger(n) && n > 0),
      () => `Embedding: ${entries} entries of ${width} numbers; both are whole numbers above 0`,
    )
    check(
      paddingIdx === null ||
        (Number.isInteger(paddingIdx) && paddingIdx >= -entries && paddingIdx < entries),
      () => `Embedding: paddingIdx is ${paddingIdx}; there are entries 0 to ${entries - 1}`,
    )
    this.paddingIdx = paddingIdx !== null && paddingIdx < 0 ? paddingIdx + entries : paddingIdx
    this.weight = parameter(randn([entries, width]))
    if (this.paddingIdx === null) return
    const row = { shape: [width], strides: [1], offset: this.paddingIdx * width }
    assign(view(this.weight, row, 'padding'), zeros([width]))
  }

  forward(index: Tensor): Tensor {
    return embedding(index, this.weight, { paddingIdx: this.paddingIdx })
  }
}
