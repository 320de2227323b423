/**
 * Dry runs: a program run for its shapes alone. Launches and writes are dropped, and what is lent is no
 * buffer; so nothing is computed, no memory is taken, and all that is on the GPU stays as it is.
 */
import { synchronous } from './check.js'

let depth = 0
let refusal: Error | null = null

/**
 * Runs `f` dry. The tensors that it makes have shapes and no content; they are of no use afterwards.
 * @throws Error when `f` reads from the GPU, or returns a promise
 */
export function dry<T>(f: () => T): T {
  depth++
  try {
    const result = synchronous('dry run: the function', f())
    if (refusal) throw refusal
    return result
  } catch (error) {
    throw refusal ?? error
  } finally {
    if (--depth === 0) refusal = null
  }
}

/** Whether a dry run is going on. */
export function isDry(): boolean {
  return depth > 0
}

/** Refuses to read in a dry run: the run throws when it ends, and what was to be read never comes. */
export function refuseToRead(): Promise<never> {
  refusal ??= new Error(
    'dry run: a tensor was read (data, array, item or text), but nothing is computed here and it has only a shape',
  )
  return new Promise(() => {})
}
