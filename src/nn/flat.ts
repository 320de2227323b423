/**
 * Parameters side by side in one buffer, and their gradients in another of the same layout: what lets one launch
 * move them all. Every parameter begins where a workgroup's share begins, so a workgroup has one owner.
 */

import type { Lease } from '../kernels/pool.js'
import { gather } from '../kernels/strided.js'
import { full, tensor, zeros } from '../tensor/create.js'
import { keep } from '../tensor/lifetime.js'
import { collapse, stridesOf } from '../tensor/shape.js'
import { aliasOf, type Tensor, view } from '../tensor/tensor.js'

/** Numbers that a workgroup of an optimizer's kernel moves: 64 invocations with four each. */
const share = 256

/** Neighbours among the parameters: where they begin and how much room they take, in vec4s. */
export interface Run {
  readonly base: number
  readonly n: number
}

export class Flat {
  /** Which parameter a workgroup's share belongs to. */
  readonly owners: Tensor
  private readonly starts: readonly number[]
  private readonly length: number
  private readonly values: Tensor
  private readonly gradients: Tensor

  constructor(private readonly params: readonly Tensor[]) {
    const shares = params.map(p => Math.ceil(p.size / share))
    this.starts = params.map((_, i) => share * sum(shares.slice(0, i)))
    this.length = share * sum(shares)
    this.owners = keep(tensor(Uint32Array.from(shares.flatMap((n, i) => new Array(n).fill(i)))))
    this.values = keep(zeros([this.length]))
    this.gradients = keep(zeros([this.length]))
  }

  get buffers(): { theta: Lease; grad: Lease; owners: Lease } {
    const [theta, grad, owners] = [this.values, this.gradients, this.owners].map(
      t => t.storage.lease,
    )
    return { theta, grad, owners }
  }

  /** Moves the parameters here that are not here, be it for the first time or because others have taken them. */
  settle(): void {
    for (const [i, p] of this.params.entries()) {
      if (p.storage.isIn(this.values.storage)) continue
      const start = this.starts[i]
      gather(p.storage.lease, row(p.size, p.storage.base), this.values.storage.lease, start)
      p.storage.moveInto(this.values.storage, start)
      const gradient = this.part(this.gradients, i)
      p.gradHome = () => aliasOf(gradient)
    }
  }

  /** Sees to it that a parameter's gradient is where the kernels look for it. */
  bringHome(i: number, grad: Tensor): void {
    const [start, lease] = [this.starts[i], this.gradients.storage.lease]
    if (grad.storage.lease === lease && grad.offset === start) return
    const { shape, strides } = collapse(grad.shape, [grad.strides])
    const layout = { shape, strides: strides[0], offset: grad.offset }
    gather(grad.storage.lease, layout, lease, start)
  }

  /** Room for something that is remembered of every number. */
  another(value: number): Tensor {
    return keep(full([this.length], value))
  }

  /** The part of such a room that belongs to a parameter, in its shape. */
  part(of: Tensor, i: number): Tensor {
    const { shape } = this.params[i]
    return view(of, { shape, strides: stridesOf(shape), offset: this.starts[i] }, of.op)
  }

  /** The parameters that are to move, as runs of neighbours. */
  runs(moving: readonly boolean[]): Run[] {
    const ends = [...this.starts.slice(1), this.length]
    const runs: { from: number; to: number }[] = []
    for (const [i, moves] of moving.entries()) {
      if (!moves || ends[i] === this.starts[i]) continue
      const last = runs.at(-1)
      if (last?.to === this.starts[i]) last.to = ends[i]
      else runs.push({ from: this.starts[i], to: ends[i] })
    }
    return runs.map(({ from, to }) => ({ base: from / 4, n: (to - from) / 4 }))
  }
}

function row(size: number, offset: number) {
  return { shape: [size], strides: [1], offset }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
