/// <reference lib="esnext.disposable" preserve="true" />
/** A tensor: a view of some memory, as a shape, strides and an offset. Its methods are ops, attached elsewhere. */
import { check } from '../kernels/check.js'
import { giveBack, lend } from '../kernels/pool.js'
import { gather } from '../kernels/strided.js'
import { read } from '../kernels/transfer.js'
import { arrayOf, type DType, type HostArray } from './dtype.js'
import { collapse, isContiguous, type Shape, show, sizeOf, stridesOf } from './shape.js'
import { Storage } from './storage.js'

/** What made a tensor, as far as this layer cares; autograd's nodes know more. */
export interface Origin {
  readonly op: string
  readonly id: number
}

export type Nested<T> = T | Nested<T>[]

/** How a view lies in its storage. */
export interface View {
  shape: Shape
  strides: readonly number[]
  offset: number
}

export class Tensor {
  readonly shape: Shape
  /** Steps between neighbours along each dimension, in elements; 0 repeats, never negative. */
  readonly strides: readonly number[]
  /** Position of the first element, counted from where the storage begins. */
  private readonly start: number
  readonly dtype: DType
  readonly storage: Storage
  /** Whether gradients are wanted: set on leaves by the user, on results by what they were made of. */
  requiresGrad = false
  /** d(what backward() was called on) / d(this), summed over all calls; leaves only. */
  grad: Tensor | null = null
  /** Makes the tensor that an optimizer wants the gradient written to; it shows the same memory every time. */
  gradHome: (() => Tensor) | null = null
  /** The recorded operation that this is the result of; null for leaves. */
  origin: Origin | null = null
  /** Name of the operation that made it. */
  op: string

  constructor(storage: Storage, dtype: DType, { shape, strides, offset }: View, op: string) {
    this.storage = storage
    this.dtype = dtype
    this.shape = shape
    this.strides = strides
    this.start = offset - storage.base
    this.op = op
  }

  /** Position of the first element in the storage's buffer, in elements. */
  get offset(): number {
    return this.storage.base + this.start
  }

  /** Number of dimensions. */
  get rank(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  /** Whether the elements lie in index order, one after the other. */
  get isContiguous(): boolean {
    return isContiguous(this.shape, this.strides)
  }

  /**
   * The elements in index order, copied to the host: a Float32Array for f32, an Int32Array for i32,
   * a Uint32Array for u32 and bool (`await t.data<Int32Array>()`).
   * @throws Error what the GPU reported, if anything went wrong on the way here
   */
  data(): Promise<Float32Array<ArrayBuffer>>
  data<A extends HostArray>(): Promise<A>
  async data<A extends HostArray>(): Promise<A> {
    const { lease } = this.storage
    const TypedArray = arrayOf[this.dtype]
    const row = (bits: ArrayBuffer) => new TypedArray(bits) as HostArray as A
    if (this.size === 0) return row(new ArrayBuffer(0))
    if (this.isContiguous) {
      return row(await read(lease, 4 * this.offset, 4 * this.size))
    }
    const { shape, strides } = collapse(this.shape, [this.strides])
    const copy = lend(4 * this.size)
    gather(lease, { shape, strides: strides[0], offset: this.offset }, copy)
    try {
      return row(await read(copy, 0, 4 * this.size))
    } finally {
      giveBack(copy)
    }
  }

  /** The elements as nested arrays of the tensor's shape: numbers, or true and false. */
  async array(): Promise<Nested<number> | Nested<boolean>> {
    const data = await this.data()
    const value = (i: number) => (this.dtype === 'bool' ? data[i] !== 0 : data[i])
    const nest = (d: number, from: number): Nested<number | boolean> => {
      if (d === this.rank) return value(from)
      const step = sizeOf(this.shape.slice(d + 1))
      return Array.from({ length: this.shape[d] }, (_, i) => nest(d + 1, from + i * step))
    }
    return nest(0, 0) as Nested<number> | Nested<boolean>
  }

  /** The one element, as a number. @throws Error unless there is exactly one */
  async item(): Promise<number> {
    check(
      this.size === 1,
      () => `item: the tensor is ${show(this.shape)}; only one element can be an item`,
    )
    return (await this.data())[0]
  }

  /** Gives the memory back now, without waiting for the scope's end; also what `using` calls. */
  dispose(): void {
    this.storage.end()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** One line: shape, dtype, what made it. The values are on the GPU: `await t.text()` shows them. */
  toString(): string {
    const notes = [this.op]
    if (this.requiresGrad) notes.push('requiresGrad')
    if (!this.storage.alive) notes.push('its scope has ended')
    return `Tensor ${show(this.shape)} ${this.dtype} · ${notes.join(' · ')}`
  }

  /** What console.log prints in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  get [Symbol.toStringTag](): string {
    return 'Tensor'
  }
}

/** A new contiguous tensor with memory of its own, whose content is not defined yet. */
export function empty(shape: Shape, dtype: DType, op: string): Tensor {
  const storage = new Storage(sizeOf(shape), op)
  return new Tensor(storage, dtype, { shape, strides: stridesOf(shape), offset: 0 }, op)
}

/** The same memory seen through another shape, strides or offset. */
export function view(
  of: Tensor,
  { shape, strides, offset = of.offset }: Omit<View, 'offset'> & { offset?: number },
  op: string,
): Tensor {
  return new Tensor(of.storage, of.dtype, { shape, strides, offset }, op)
}

/** The same memory under a storage of its own: the alias may end while the memory goes on. */
export function aliasOf({ storage, dtype, shape, strides, offset, op }: Tensor): Tensor {
  const borrowed = new Storage(storage.size, op, storage.lease)
  return new Tensor(borrowed, dtype, { shape, strides, offset }, op)
}
