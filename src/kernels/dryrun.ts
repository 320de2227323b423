/**
 * Dry runs: a program run for its shapes alone. Launches and writes are dropped, and no buffer is
 * lent. So nothing is computed, and memory on the GPU stays as it is.
 */
import { synchronous } from './check.js'

let depth = 0
let refusal: Error | null = null

/**
 * Runs `f` dry. The tensors that it makes have shapes and no content.
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

/** Whether a dry run is in progress. */
export function isDry(): boolean {
  return depth > 0
}

/** Refuses to read in a dry run: the run throws at its end, and the data never arrives. */
export function refuseToRead(): Promise<never> {
  refusal ??= new Error(
    'dry run: a tensor was read (data, array, item or text), but nothing is computed here and it ' +
      'has only a shape',
  )
  return new Promise(() => {})
}
