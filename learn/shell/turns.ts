/**
 * Work on the GPU that takes several reads, one piece after the other. Each piece owns the tensors
 * that it makes, and they end with it. Two pieces at once would own each other's.
 */
import { openScope } from '../../src/tensor/scope.js'

export type Turn = <T>(work: () => Promise<T>) => Promise<T | null>

/** After the signal is aborted, what has not begun is left out and gives null. */
export function turns(signal: AbortSignal): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const next = last.then(async () => {
      if (signal.aborted) return null
      const scope = openScope()
      try {
        return await work()
      } finally {
        scope.close()
      }
    })
    last = next.catch(() => {})
    return next
  }
}
