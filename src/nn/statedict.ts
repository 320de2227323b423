import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import type { DType } from '../tensor/dtype.js'
import { type Shape, sameShape, show } from '../tensor/shape.js'
import { Tensor } from '../tensor/tensor.js'

/** Saved tensors by name. */
export type StateDict = Record<string, Tensor>

export interface Wanted {
  readonly shape: Shape
  readonly dtype: DType
  /** Whether it may be missing. */
  readonly optional?: boolean
}

/** @throws Error unless it is an object of tensors */
export function checkState(op: string, state: StateDict): void {
  check(
    typeof state === 'object' && state !== null && !(state instanceof Promise),
    () => `${op}: got ${described(state)} where tensors by name belong, as stateDict() gives them`,
  )
  for (const [name, t] of Object.entries(state))
    check(
      t instanceof Tensor,
      () => `${op}: ${name} is ${described(t)}; it must be a tensor: io.fromHost makes them`,
    )
}

/** The differences between a state and the wanted one; names only if `strict`. */
export function mismatches(
  state: StateDict,
  wanted: ReadonlyMap<string, Wanted>,
  { strict = true }: { strict?: boolean } = {},
): string[] {
  const missing: string[] = []
  const misshaped: string[] = []
  for (const [name, { shape, dtype, optional }] of wanted) {
    const t = state[name]
    if (!t && !optional) missing.push(name)
    if (t && (!sameShape(t.shape, shape) || t.dtype !== dtype))
      misshaped.push(`${name} (is ${show(t.shape)} ${t.dtype}, wants ${show(shape)} ${dtype})`)
  }
  const unexpected = Object.keys(state).filter(name => !wanted.has(name))
  const differences = {
    ...(strict && { missing, unexpected }),
    'another shape or dtype': misshaped,
  }
  return Object.entries(differences)
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${names.join(', ')}`)
}
