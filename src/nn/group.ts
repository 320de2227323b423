/** Parameter groups: which tensors are trained, and with what numbers. */
import { check } from '../kernels/check.js'
import { write } from '../kernels/transfer.js'
import { keep } from '../tensor/lifetime.js'
import { empty, Tensor } from '../tensor/tensor.js'

/** What every optimizer's options hold. */
export interface Rate {
  /** Learning rate. */
  lr: number
}

/** Parameters that share their options; the options may be changed between steps. */
export type Group<O = Rate> = O & { readonly params: readonly Tensor[] }

/** Parameters in a list, or in groups that say where their options differ. */
export type Params<O> = Iterable<Tensor> | Iterable<O & { readonly params: Iterable<Tensor> }>

/**
 * The groups that a caller means: a plain list is one group; an option that a group leaves out has the default.
 * @throws Error for no parameters, something else than parameters, one that occurs twice
 */
export function groupsOf<O extends object>(
  name: string,
  given: Params<Partial<O>>,
  defaults: O,
): Group<O>[] {
  const list = [...given]
  const plain = list.every(item => item instanceof Tensor)
  check(
    plain || !list.some(item => item instanceof Tensor),
    () => `${name}: tensors and groups in one list; put every tensor into a group`,
  )
  const parts = plain ? [{ params: list as Tensor[] }] : (list as { params: Iterable<Tensor> }[])
  const groups = parts.map(({ params, ...own }) => ({
    ...defaults,
    ...stated(own),
    params: [...params],
  }))
  const all = groups.flatMap(({ params }) => params)
  check(all.length > 0, () => `${name}: no parameters; pass model.parameters()`)
  for (const p of all) {
    check(
      p.requiresGrad && !p.origin && p.isContiguous && p.size === p.storage.size,
      () =>
        `${name}: ${p} is no parameter; it must be a contiguous leaf with memory of its own that requires a gradient`,
    )
  }
  check(
    new Set(all).size === all.length,
    () => `${name}: a parameter occurs twice in the ${plain ? 'list' : 'groups'}`,
  )
  return groups
}

/** The options that were given a value. */
export function stated<O extends object>(options: O): Partial<O> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<O>
}

/** Numbers on the GPU, uploaded again only when one of them has changed. */
export class Numbers {
  readonly tensor: Tensor
  private now: readonly number[] = []

  constructor(count: number) {
    this.tensor = keep(empty([count], 'f32', 'numbers'))
  }

  set(values: readonly number[]): void {
    if (values.every((value, i) => value === this.now[i])) return
    this.now = values
    write(this.tensor.storage.lease, Float32Array.from(values))
  }
}

/** @throws Error unless the value is finite and not negative */
export function checkRate(name: string, what: string, value: number, below = Infinity): void {
  check(
    Number.isFinite(value) && value >= 0 && value < below,
    () =>
      `${name}: ${what} is ${value}; it must be from 0 up${below < Infinity ? ` and below ${below}` : ''}`,
  )
}
