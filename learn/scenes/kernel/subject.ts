/** What the scene shows: a family of kernels that compute the same thing, and problems for them. */
import type { Kernel } from '../../../src/kernels/kernel.js'
import type { Tensor } from '../../../src/tensor/tensor.js'

/** A product that is computed by a kernel, and by plain loops in float64. */
export interface Product {
  /** What it is called in a verdict: 'C = A B'. */
  readonly name: string
  /** By the rung with this name. Queued, not awaited. */
  run(rung: string): Tensor
  /** In float64, and per element the sum of the absolute values of all its terms. */
  want(): Promise<{ readonly y: Float64Array; readonly size: Float64Array }>
  /** Terms per element. */
  readonly terms: number
}

/** A tensor as planes of cells. */
export interface Planes {
  readonly name: string
  readonly planes: number
  readonly rows: number
  readonly columns: number
}

/** One problem on which loads are counted. */
export interface Counted {
  readonly product: Product
  readonly multiplyAdds: number
  /** In words, for the caption. */
  readonly sizes: string
  readonly result: Planes
  /** The buffers that are read, by their names in the WGSL. */
  read(rung: string): readonly Planes[]
}

/** One problem that is timed. */
export interface Timed {
  run(rung: string): Tensor
  readonly multiplyAdds: number
  readonly sizes: string
}

/** A rung of the staircase. */
export interface Step {
  readonly name: string
  readonly kernel: Kernel
  /** Why it cannot run on this device; null where it can. */
  readonly missing: string | null
}

export interface Subject {
  readonly name: 'matmul' | 'conv'
  readonly title: string
  readonly equation: string
  readonly steps: readonly Step[]
  counted(): Counted
  /** Small products, past the edges of every block: a kernel is right if all of them are. */
  products(rung: string): readonly Product[]
  timed(): Timed
}
