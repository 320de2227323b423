/** Parameter groups: which tensors are trained, and with which options. */
import { check } from '../kernels/check.js'
import { checkTensor, described, optionsOf } from '../tensor/arguments.js'
import { Tensor } from '../tensor/tensor.js'

export interface Rate {
  /** Learning rate. */
  lr: number
}

/** Parameters that share their options; the options may be changed between steps. */
export type Group<O = Rate> = O & { readonly params: readonly Tensor[] }

/** Parameters in a list, or in groups that say where their options differ. */
export type Params<O> = Iterable<Tensor> | Iterable<O & { readonly params: Iterable<Tensor> }>

/**
 * The groups that a caller means: a plain list is one group, and an option that a group lacks has
 * its default.
 * @throws Error for no parameters, for other things than parameters, and for one that occurs twice
 */
export function groupsOf<O extends object>(
  name: string,
  given: Params<Partial<O>>,
  defaults: O,
): Group<O>[] {
  checkParams(name, given)
  const list = [...given]
  const plain = list.every(item => item instanceof Tensor)
  check(
    plain || !list.some(item => item instanceof Tensor),
    () => `${name}: tensors and groups in one list; put every tensor into a group`,
  )
  const parts = plain ? [{ params: list as Tensor[] }] : (list as { params: Iterable<Tensor> }[])
  for (const part of parts) {
    optionsOf(name, part as object, [...Object.keys(defaults), 'params'] as never[])
    checkParams(name, part.params)
    checkTensor(name, ...part.params)
  }
  const groups = parts.map(({ params, ...own }) => ({
    ...defaults,
    ...defined(own),
    params: [...params],
  }))
  const all = groups.flatMap(({ params }) => params)
  check(all.length > 0, () => `${name}: no parameters; pass model.parameters()`)
  for (const p of all) {
    check(
      p.requiresGrad && !p.origin && p.isContiguous && p.size === p.storage.size,
      () =>
        `${name}: ${p} is no parameter; it must be a contiguous leaf with memory of its own ` +
        'that requires a gradient',
    )
  }
  check(
    new Set(all).size === all.length,
    () => `${name}: a parameter occurs twice in the ${plain ? 'list' : 'groups'}`,
  )
  return groups
}

/** @throws Error unless it is a list, or something else that can be walked */
function checkParams(name: string, given: unknown): void {
  check(
    typeof given === 'object' && given !== null && Symbol.iterator in given,
    () =>
      `${name}: got ${described(given)} where a list of parameters belongs; ` +
      'pass model.parameters()',
  )
}

/** The options without those that are undefined. */
export function defined<O extends object>(options: O): Partial<O> {
  const pairs = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(pairs) as Partial<O>
}

/** @throws Error unless the value is finite and not negative */
export function checkOption(name: string, what: string, value: number, below = Infinity): void {
  const limit = below < Infinity ? ` and below ${below}` : ''
  check(
    Number.isFinite(value) && value >= 0 && value < below,
    () => `${name}: ${what} is ${value}; it must be from 0 up${limit}`,
  )
}

/** Saved options that are missing, unexpected, or of another type than the present ones. */
export function strangeOptions(saved: object, own: object): string[] {
  const [theirs, ours] = [new Map(Object.entries(saved)), new Map(Object.entries(own))]
  return [
    ...[...ours.keys()].filter(name => !theirs.has(name)).map(name => `${name} is missing`),
    ...[...theirs.keys()].filter(name => !ours.has(name)).map(name => `${name} is unexpected`),
    ...[...theirs]
      .filter(([name, value]) => ours.has(name) && kind(value) !== kind(ours.get(name)))
      .map(([name, value]) => `${name} is ${JSON.stringify(value)}`),
  ]
}

/** null counts as a number: a scheduler's best metric is null before the first. */
function kind(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'number' : typeof value
}
