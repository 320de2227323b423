/** Who keeps a tensor alive: scopes by default, you by `keep`. And what is alive just now. */
import { check } from '../kernels/check.js'
import { adopt, openScope } from './scope.js'
import { type Usage, usage } from './storage.js'
import { Tensor } from './tensor.js'

/**
 * Runs `f`; when it returns, the memory of every tensor made inside goes back to the pool, except of
 * those it returns (alone, or in arrays and plain objects), which pass to the surrounding scope.
 * @throws Error when `f` returns a promise: a scope ends when `f` does
 */
export function scope<T>(f: () => T): T {
  const inner = openScope()
  try {
    const result = f()
    check(
      typeof (result as { then?: unknown } | null)?.then !== 'function',
      () =>
        'scope: the function returned a promise; make it synchronous and await its tensors outside',
    )
    inner.leave(tensorsIn(result).map(t => t.storage))
    return result
  } finally {
    inner.close()
  }
}

/** Takes a tensor out of all scopes: it lives as long as it is reachable. Returns it. */
export function keep<T extends Tensor>(t: T): T {
  adopt(t.storage, null)
  return t
}

/** Hands a kept tensor to the innermost scope, if there is one: it ends there. */
export function unkeep(t: Tensor): void {
  adopt(t.storage)
}

/** Live tensors and their bytes, in all and by the place that made them, largest first. */
export function memory(): { tensors: number; bytes: number; places: Usage[] } {
  const places = usage()
  const sum = (what: 'tensors' | 'bytes') => places.reduce((total, place) => total + place[what], 0)
  return { tensors: sum('tensors'), bytes: sum('bytes'), places }
}

/** The tensors in a value: itself, or what stands in arrays and plain objects. */
export function tensorsIn(value: unknown, found: Tensor[] = []): Tensor[] {
  if (value instanceof Tensor) found.push(value)
  else if (Array.isArray(value)) for (const item of value) tensorsIn(item, found)
  else if (value && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) tensorsIn(item, found)
  }
  return found
}
