/** How long tensors live: as long as their scope, or as long as they are reachable after `keep`. */
import { check, synchronous } from '../kernels/check.js'
import { holdsOnlyIf, recordingNow } from '../kernels/recording.js'
import { checkFunction, checkTensor } from './arguments.js'
import { adopt, openScope } from './scope.js'
import { Tensor } from './tensor.js'
import { type Usage, usage } from './usage.js'

/**
 * Runs `f`. When it returns, the memory of all tensors made inside goes back to the pool. Only the
 * tensors that it returns (alone, or in arrays and plain objects) pass to the surrounding scope.
 * @throws Error when `f` returns a promise: a scope ends when `f` does
 */
export function scope<T>(f: () => T): T {
  checkFunction('scope', f)
  const inner = openScope()
  try {
    const result = synchronous('scope: the function', f())
    inner.handOver(tensorsIn(result).map(t => t.storage))
    return result
  } finally {
    inner.close()
  }
}

/** Takes a tensor out of all scopes: it lives as long as it is reachable. Returns it. */
export function keep<T extends Tensor>(t: T): T {
  checkTensor('keep', t)
  // the program may find it at the next call, and then not make it again, which a replay would
  const recording = recordingNow()
  if (recording && t.storage.lease.arena === recording.arena) holdsOnlyIf(() => false)
  return unscoped(t)
}

/** The same for tensors that the step's program has no other hold of than through the library. */
export function unscoped<T extends Tensor>(t: T): T {
  adopt(t.storage, null)
  return t
}

/** The opposite of `keep`: the tensor ends with the innermost scope, if there is one. */
export function release(t: Tensor): void {
  adopt(t.storage)
}

/**
 * Live tensors and their bytes: in total, and by the place that made them, largest first. After
 * 10,000 tensors the place is known of one in seventeen; of the next 10,000, once this was called.
 */
export function memory(): { tensors: number; bytes: number; places: Usage[] } {
  const places = usage()
  const sum = (what: 'tensors' | 'bytes') => places.reduce((total, place) => total + place[what], 0)
  return { tensors: sum('tensors'), bytes: sum('bytes'), places }
}

/** The tensors in a value, also in arrays and plain objects. */
export function tensorsIn(value: unknown): Tensor[] {
  const found: Tensor[] = []
  mapTensors(value, t => {
    found.push(t)
    return t
  })
  return found
}

/**
 * The same value with f(t) for every tensor t in it, also in arrays and plain objects.
 * @throws Error when one of them holds itself
 */
export function mapTensors<T>(value: T, f: (t: Tensor) => Tensor, who = 'scope: the function'): T {
  const map = (item: unknown, above: readonly unknown[]): unknown => {
    if (item instanceof Tensor) return f(item)
    const isList = Array.isArray(item)
    if (!isList && !(item && Object.getPrototypeOf(item) === Object.prototype)) return item
    check(
      !above.includes(item),
      () =>
        `${who} returned a value that holds itself; return tensors, or arrays and plain objects ` +
        'of them',
    )
    const path = [...above, item]
    if (isList) return item.map(part => map(part, path))
    return Object.fromEntries(Object.entries(item!).map(([name, part]) => [name, map(part, path)]))
  }
  return map(value, []) as T
}
