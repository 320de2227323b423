/** The low-rank change of one layer: its two small factors, and how they act. */
import { add, mul } from '../autograd/ops/arithmetic.js'
import { clone } from '../autograd/ops/clone.js'
import { conv2d } from '../autograd/ops/conv.js'
import { linear } from '../autograd/ops/linear.js'
import { matmul } from '../autograd/ops/matmul.js'
import { reshape } from '../autograd/ops/reshape.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { assign } from '../tensor/contiguous.js'
import { zeros } from '../tensor/create.js'
import { keep, scope } from '../tensor/lifetime.js'
import { sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Adaptable } from './adaptable.js'
import { Conv2d } from './conv.js'
import type { HookHandle } from './hooks.js'
import { Linear } from './linear.js'
import { type Module, parameter } from './module.js'
import { uniformParameter } from './parameter.js'

/**
 * s·B·A beside a layer's weight, so that the layer computes  W x + s·B(A x) + b.
 *
 *     Linear   A [rank, in]                      B [out, rank]
 *     Conv2d   A [rank, in/groups, kh, kw]       B [out, rank/groups, 1, 1]: a convolution by A
 *              with the layer's options, then one by B
 *
 * A is uniform in ±1/√fanIn, as a layer's own weight, and B is 0.
 */
export class LowRank {
  readonly a: Tensor
  readonly b: Tensor
  private hook: HookHandle | null = null
  /** The layer's own weight, while the merged one is in its place. */
  private base: Tensor | null = null

  /** @param name of the layer, for messages */
  constructor(
    name: string,
    private readonly layer: Adaptable,
    rank: number,
    private readonly scale: number,
  ) {
    const [out, ...into] = layer.weight.shape
    const { groups } = this
    check(
      rank % groups === 0,
      () =>
        `lora: ${name} has ${groups} groups, rank is ${rank}; the groups must divide the rank: ` +
        'choose another rank, or a pattern without this layer',
    )
    this.a = uniformParameter([rank, ...into], sizeOf(into))
    this.b = parameter(zeros([out, rank / groups, ...into.slice(1).fill(1)]))
  }

  /** Adds s·B·A to the layer's weight. */
  merge(): void {
    const { weight } = this.layer
    this.detach()
    noGrad(() => {
      this.base = keep(clone(weight))
      scope(() => assign(weight, add(weight, this.change())))
    })
  }

  /** Puts the layer's own weight back, bit by bit. */
  unmerge(): void {
    assign(this.layer.weight, this.base!)
    this.base!.dispose()
    this.base = null
    this.attach()
  }

  /** Makes the layer compute what it computed before, or go on with a merged weight. */
  remove(): void {
    this.detach()
    this.base?.dispose()
    this.base = null
  }

  private get groups(): number {
    return this.layer instanceof Conv2d ? (this.layer.options.groups ?? 1) : 1
  }

  attach(): void {
    const layer: Module = this.layer
    this.hook = layer.registerForwardHook((_, [x], y) => add(y, mul(this.passed(x), this.scale)))
  }

  private detach(): void {
    this.hook?.remove()
    this.hook = null
  }

  /** B(A x) */
  private passed(x: Tensor): Tensor {
    const { a, b, layer } = this
    if (layer instanceof Linear) return linear(linear(x, a), b)
    return conv2d(conv2d(x, a, null, layer.options), b, null, { groups: this.groups })
  }

  /** s·B·A in the weight's shape, a product per group. */
  private change(): Tensor {
    const { a, b, groups } = this
    const [rank, ...into] = a.shape
    const [left, right] = [
      reshape(b, [groups, b.shape[0] / groups, rank / groups]),
      reshape(a, [groups, rank / groups, sizeOf(into)]),
    ]
    return reshape(mul(matmul(left, right), this.scale), this.layer.weight.shape)
  }
}
