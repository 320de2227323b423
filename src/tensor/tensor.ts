/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A tensor: a view of some memory, as a shape, strides and an offset. autograd/methods.ts attaches
 * the ops as methods.
 */
import { check } from '../kernels/check.js'
import type { Lease } from '../kernels/pool.js'
import { arrayOf, type DType, type HostArray } from './dtype.js'
import type { Layout } from './layout.js'
import { type Nested, nest } from './nested.js'
import { readElements } from './read.js'
import { isContiguous, type Shape, show, sizeOf, stridesOf } from './shape.js'
import { Storage } from './storage.js'

/** The operation that made a tensor; autograd's nodes have more fields. */
export interface Origin {
  readonly op: string
  readonly id: number
}

/**
 * An array of numbers of one dtype on the GPU: a shape, strides and an offset over a storage.
 * Several tensors may show the same storage. Operations are its methods: `x.matmul(y)`.
 */
export class Tensor {
  readonly shape: Shape
  /** Elements from one index to the next along each dimension: 0 repeats; never negative. */
  readonly strides: readonly number[]
  /** Position of the first element in the storage, in elements. */
  private readonly start: number
  readonly dtype: DType
  readonly storage: Storage
  /** Whether gradients are wanted: set by the user on leaves, by `record` on results. */
  requiresGrad = false
  /** Leaves only: dy/d(this), for the y that backward() was called on, summed over all calls. */
  grad: Tensor | null = null
  /** Where an optimizer wants the gradient written: see gradbuffer.ts. */
  gradBuffer: { readonly lease: Lease; show(): Tensor } | null = null
  /** The recorded operation that this is the result of; null for leaves. */
  origin: Origin | null = null
  /** Name of the operation that made it. */
  op: string

  constructor(storage: Storage, dtype: DType, { shape, strides, offset }: Layout, op: string) {
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
    return new arrayOf[this.dtype](await readElements(this.storage.lease, this)) as HostArray as A
  }

  /** The elements as nested arrays of the tensor's shape: numbers, or true and false. */
  async array(): Promise<Nested<number> | Nested<boolean>> {
    const data = await this.data()
    return this.dtype === 'bool'
      ? nest(this.shape, i => data[i] !== 0)
      : nest(this.shape, i => data[i])
  }

  /** The one element, as a number. @throws Error unless there is exactly one */
  async item(): Promise<number> {
    check(
      this.size === 1,
      () => `item: the tensor is ${show(this.shape)}; only one element can be an item`,
    )
    return (await this.data())[0]
  }

  /** Gives the memory back now, before the scope ends. `using` calls it, too. */
  dispose(): void {
    this.storage.end()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** One line: shape, dtype, operation. The values are on the GPU: `await t.text()` shows them. */
  toString(): string {
    const notes = [this.op]
    if (this.requiresGrad) notes.push('requiresGrad')
    if (!this.storage.alive) notes.push('its scope has ended')
    return `Tensor ${show(this.shape)} ${this.dtype} · ${notes.join(' · ')}`
  }

  /** The text that console.log prints in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  get [Symbol.toStringTag](): string {
    return 'Tensor'
  }
}

/** A new contiguous tensor with memory of its own. Its content is undefined. */
export function empty(shape: Shape, dtype: DType, op: string): Tensor {
  const storage = new Storage(sizeOf(shape), op)
  const t = new Tensor(storage, dtype, { shape, strides: stridesOf(shape), offset: 0 }, op)
  prepare?.(t)
  return t
}

let prepare: ((t: Tensor) => void) | null = null

/** Calls `f` with every tensor that has new memory; null: nothing. */
export function prepareNew(f: typeof prepare): void {
  prepare = f
}

/** The same memory seen through another shape, strides or offset. */
export function view(
  of: Tensor,
  { shape, strides, offset = of.offset }: Omit<Layout, 'offset'> & { offset?: number },
  op: string,
): Tensor {
  return new Tensor(of.storage, of.dtype, { shape, strides, offset }, op)
}

/** The same memory under a storage of its own: the alias may end while the memory goes on. */
export function aliasOf({ storage, dtype, shape, strides, offset, op }: Tensor): Tensor {
  const borrowed = new Storage(storage.size, op, storage.lease)
  return new Tensor(borrowed, dtype, { shape, strides, offset }, op)
}
