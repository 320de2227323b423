/**
 * The parameters of a group, side by side in one buffer, so that one launch updates them all. Their
 * gradients and the optimizer's state lie in buffers of the same layout. Each parameter begins at a
 * multiple of a block, so every workgroup works on a single parameter.
 */
import { check } from '../kernels/check.js'
import { noteContents } from '../kernels/contents.js'
import { assign, copyElements } from '../tensor/contiguous.js'
import { full, tensor, zeros } from '../tensor/create.js'
import { GradBuffer } from '../tensor/gradbuffer.js'
import { keep } from '../tensor/lifetime.js'
import { sameShape, stridesOf } from '../tensor/shape.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { StepCounts } from './stepcounts.js'

/**
 * State tensors per parameter and their initial values; null: not used with these options.
 * `step` is the number of steps; the other tensors have the parameter's shape.
 */
export type InitialState<S extends string = string> = Readonly<Record<S, number | null>> & {
  readonly step?: number | null
}

/** Elements per workgroup of an optimizer's kernel: 64 invocations with a vec4 each. */
const block = 256

/** Neighbouring parameters: their first vec4, and how many vec4s they fill. */
export interface Range {
  readonly base: number
  readonly n: number
}

export class ParameterBuffer {
  readonly counts: StepCounts
  /** The optimizer's state by name: a number per element of the parameters. */
  private readonly state: Record<string, Tensor> = {}
  /** Per workgroup, the index of its parameter. */
  private readonly owners: Tensor
  private readonly starts: readonly number[]
  private readonly length: number
  private readonly values: Tensor
  private readonly gradients: Tensor

  constructor(private readonly params: readonly Tensor[]) {
    const blocks = params.map(p => Math.ceil(p.size / block))
    this.starts = params.map((_, i) => block * sum(blocks.slice(0, i)))
    this.length = block * sum(blocks)
    this.owners = keep(tensor(Uint32Array.from(blocks.flatMap((n, i) => new Array(n).fill(i)))))
    this.values = this.buffer(0)
    this.gradients = this.buffer(0)
    this.counts = new StepCounts(params.length)
  }

  /** All buffers, by the kernels' names for them. */
  get tensors(): Record<string, Tensor> {
    const { values: theta, gradients: grad, owners } = this
    return { theta, grad, owners, clocks_now: this.counts.clocks, ...this.state }
  }

  /** Whether no other optimizer has moved a parameter elsewhere. */
  hasAll(): boolean {
    return this.params.every(p => p.storage.isIn(this.values.storage))
  }

  /**
   * Moves in the parameters that are not here (at first all, later those that another optimizer has
   * moved), and makes the state tensors that are missing.
   */
  allocate(initial: InitialState): void {
    for (const [i, p] of this.params.entries()) {
      if (p.storage.isIn(this.values.storage)) continue
      copyElements(p, this.viewOf(i, this.values))
      p.storage.moveInto(this.values.storage, this.starts[i])
      p.gradBuffer = new GradBuffer(this.viewOf(i, this.gradients))
    }
    for (const [name, value] of Object.entries(initial))
      if (name !== 'step' && value !== null) this.state[name] ??= this.buffer(value)
  }

  /** Sets step counts to 0 and state tensors to their initial values. */
  reset(initial: InitialState): void {
    assign(this.counts.clocks, zeros(this.counts.clocks.shape, { dtype: 'u32' }))
    for (const [name, t] of Object.entries(this.state)) assign(t, full(t.shape, initial[name] ?? 0))
  }

  /** Each parameter's state, as tensors of its shape; `step` where steps are counted. */
  states({ step = null }: InitialState): Record<string, Tensor>[] {
    return this.params.map((_, i) => {
      const parts = Object.entries(this.state).map(([name, t]) => [name, this.viewOf(i, t)])
      return { ...(step !== null && { step: this.counts.of(i) }), ...Object.fromEntries(parts) }
    })
  }

  /**
   * Copies a parameter's gradient to where the kernels read it, unless it is there.
   * @throws Error when its shape or dtype is not the parameter's
   */
  copyGradient(i: number): void {
    const p = this.params[i]
    const { grad } = p
    check(
      grad && grad.dtype === 'f32' && sameShape(grad.shape, p.shape),
      () => `step: the gradient of ${p} is ${grad}; it must be f32 of the same shape`,
    )
    const target = this.viewOf(i, this.gradients)
    const isThere = grad.storage.lease === target.storage.lease && grad.offset === target.offset
    if (!isThere) copyElements(grad, target)
  }

  /** The parameters for which `included` is true, in as few ranges as possible. */
  ranges(included: readonly boolean[]): Range[] {
    const ends = [...this.starts.slice(1), this.length]
    const ranges: { from: number; to: number }[] = []
    for (const [i, from] of this.starts.entries()) {
      if (!included[i] || ends[i] === from) continue
      const last = ranges.at(-1)
      if (last?.to === from) last.to = ends[i]
      else ranges.push({ from, to: ends[i] })
    }
    return ranges.map(({ from, to }) => ({ base: from / 4, n: (to - from) / 4 }))
  }

  /** A number per element of the parameters. Between them there are gaps. */
  private buffer(value: number): Tensor {
    const t = keep(full([this.length], value))
    const parts = this.params.map((p, i) => ({ from: this.starts[i], count: p.size }))
    noteContents(t.storage.lease, parts)
    return t
  }

  /** A parameter's part of a buffer, in the parameter's shape. */
  private viewOf(i: number, of: Tensor): Tensor {
    const { shape } = this.params[i]
    return view(of, { shape, strides: stridesOf(shape), offset: this.starts[i] }, of.op)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
