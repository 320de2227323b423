/**
 * What is done when a program makes buffers faster than its garbage is collected. Memory that
 * nothing reaches goes back in a turn of the event loop after a collection, and engines put
 * collections off.
 */

/** What is in use. */
interface Use {
  readonly buffers: number
  readonly bytes: number
}

/** Less in use is no reason to collect. */
const least: Use = { buffers: 8192, bytes: 256 * 2 ** 20 }
let mark = least
let collect: (() => void) | null = null

/** Sets what collects the garbage. Browsers have no such function, and need none. */
export function collectWith(collector: () => void): void {
  collect = collector
}

/** Has the garbage collected, where that is possible: its memory comes back in the next turn. */
export function collectNow(): void {
  collect?.()
}

/** Collects if much is in use, and leaves the event loop a turn to give it back. */
export async function relieve(use: () => Use): Promise<void> {
  const { buffers, bytes } = use()
  if (!collect || (buffers < mark.buffers && bytes < mark.bytes)) return
  collect()
  await new Promise(resolve => setTimeout(resolve))
  const left = use()
  mark = {
    buffers: Math.max(least.buffers, 2 * left.buffers),
    bytes: Math.max(least.bytes, 2 * left.bytes),
  }
}
