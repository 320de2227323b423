/** A row of the table of ops, and the functions that rows are written with. */
import type * as ops from '../../src/autograd/ops/index.js'
import type { Tensor } from '../../src/index.js'
import { oneOf, shapeOf, sometimes, together } from './generate.js'
import type { Domain, Random } from './inputs.js'
import { type Grid, zip } from './reference.js'
import type { Tolerance } from './tolerance.js'

/** Shapes of an op's tensors, in order; a number is itself, null is an omitted tensor. */
export type Inputs = readonly (readonly number[] | number | null)[]

/** The arguments of a call: tensors (or plain numbers), then the others. */
export interface Case {
  readonly inputs: Inputs
  readonly args: readonly unknown[]
  /** Replaces the row's. */
  readonly from?: Domain | readonly Domain[]
  /** Replaces the row's. */
  readonly tolerance?: Tolerance
  /** false: with these arguments the op is not linear, whatever the row says. */
  readonly linear?: false
}

export interface Row<F = never> {
  /** The op in float64. */
  readonly f: Reference<F>
  readonly cases: readonly Case[]
  /** A random case, with shapes and options beyond those above. */
  readonly generate?: (random: Random) => Case
  /** The domain of the inputs: one for all, or one for each. `any` by default. */
  readonly from?: Domain | readonly Domain[]
  /** `none` if no gradient passes. */
  readonly gradient?: 'none'
  /** `none` if the gradient has no gradient, and throws. */
  readonly second?: 'none'
  /** Whether it accepts i32 and u32 too. */
  readonly whole?: true
  /**
   * `true` if y is linear in all inputs together, as a + b is. Otherwise the sets of inputs in
   * which y is linear while the others are constant: a · b in [a] and [b], x Wᵀ + b in [x, b] and
   * [W, b]. Then ⟨A x, u⟩ = ⟨x, Aᵀu⟩ is checked too.
   */
  readonly linear?: true | readonly (readonly number[])[]
  /** `rounded` by default. */
  readonly tolerance?: Tolerance
  /** Calls the op, if its tensors are not its first arguments. */
  readonly call?: (...xs: never[]) => Tensor | Tensor[]
}

/** Rows for some of the ops: one that is missing does not compile. */
export type Rows<K extends keyof typeof ops> = { readonly [P in K]: Row<(typeof ops)[P]> }

type GridOf<T> = T extends Tensor ? Grid : T extends Tensor[] ? Grid[] : T

/** An op's signature with grids for tensors. */
type Reference<F> = F extends (...args: infer A) => infer Y
  ? (...args: { [I in keyof A]: GridOf<A[I]> }) => GridOf<Y>
  : never

export type Operand = Grid | number

/** A case: on([[5, 7], [7]], options) */
export function on(inputs: Inputs, ...args: unknown[]): Case {
  return { inputs, args }
}

/** A case whose elements are sums of k products: from about ten on, rounding errors add up. */
export function ofTerms(k: number, c: Case): Case {
  return k > 16 ? { ...c, tolerance: 'summed' } : c
}

/**
 * A row for an op whose tensors are in lists or among its options. `call` gets the tensors in
 * order, then the other arguments; f is the same in float64.
 */
export function via<G extends (...xs: never[]) => Tensor | Tensor[]>(
  call: G,
  f: Reference<G>,
  more: Omit<Row, 'f' | 'call'>,
): Row {
  return { call, f: f as never, ...more }
}

const shapes = [[], [1], [0], [0, 3], [5, 7], [3, 8], [64 * 4 + 1], [2, 3, 1, 2, 3, 2]]
export const alone = shapes.map(shape => on([shape]))

// biome-ignore format: a table reads in columns
export const pairs = [
  on([[], []]),         on([[5, 7], [5, 7]]), on([[257], [257]]),  on([[257], [1]]),  on([[], [257]]),
  on([[5, 7], [7]]),    on([[7], [5, 7]]),    on([[5, 1], [1, 7]]), on([[5, 7], []]), on([[0, 3], [3]]),
  on([[5, 7], 2]),      on([3, [5, 7]]),      on([[3, 8], [8]]),   on([[3, 8], [3, 1]]), on([[4], [2, 3, 1]]),
  on([[2, 1, 3, 1, 2, 1], [3, 1, 2, 1, 2]]),
]

export const aloneAtRandom = (random: Random) => on([shapeOf(random)])

/** Two shapes that broadcast, or one and a number. */
export function pairAtRandom(random: Random): Case {
  const [a, b] = together(random, 2)
  if (sometimes(random, 0.85)) return on([a, b])
  const number = oneOf(random, [0.5, 2, 3])
  return on(sometimes(random) ? [a, number] : [number, b])
}

export const curved = { tolerance: 'curved' } as const
export const whole = { whole: true } as const
export const exact = { tolerance: 'exact', whole: true } as const
/** What moves elements and computes nothing. */
export const moved = { linear: true, ...exact } as const
export const logical = { gradient: 'none', from: 'ties', ...exact } as const

export function unary(f: (x: number) => number, more: Partial<Row> = {}) {
  return { f: (x: Grid) => zip(f, x), cases: alone, generate: aloneAtRandom, ...more }
}

export function binary(f: (a: number, b: number) => number, more: Partial<Row> = {}) {
  return {
    f: (a: Operand, b: Operand) => zip(f, a, b),
    cases: pairs,
    generate: pairAtRandom,
    ...more,
  }
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
