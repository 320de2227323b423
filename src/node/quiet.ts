/**
 * Waits that leave the CPU to those who compute.
 *
 * While a promise of the GPU is pending, Dawn asks for it in every turn of Node's event loop and has the next turn
 * come at once, through `setImmediate`: ten thousand turns in 100 ms, one core taken from a driver that computes on
 * the CPU. So while one of our waits is pending, what Dawn hands to `setImmediate` is held up by a nap, once the wait has lasted
 * a quarter of a millisecond: a tenth of the time waited so far, at most a millisecond. A short wait stays short,
 * a long one ends at most a tenth late. No one else's callbacks are held up, and between waits nothing is replaced.
 *
 * KERNELGRAD_WAIT=busy in the environment leaves all as it is.
 */
const patience = 0.25 // ms
const longest = 1 // ms

const busy = process.env.KERNELGRAD_WAIT === 'busy'
const cell = new Int32Array(new SharedArrayBuffer(4))
let pending = 0
let since = 0
let original = globalThis.setImmediate

/** Awaits what a wait of ours returns, napping in between. */
export async function quietly<T>(wait: () => Promise<T>): Promise<T> {
  if (busy) return wait()
  if (pending++ === 0) replace()
  try {
    return await wait()
  } finally {
    if (--pending === 0 && globalThis.setImmediate === (napping as unknown)) restore()
  }
}

function replace(): void {
  since = performance.now()
  original = globalThis.setImmediate
  globalThis.setImmediate = napping as typeof setImmediate
}

function restore(): void {
  globalThis.setImmediate = original
}

function napping(callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
  const waited = performance.now() - since
  if (waited > patience && isDawns(callback))
    Atomics.wait(cell, 0, 0, Math.min(waited / 10, longest))
  return original(callback, ...args)
}

/** Dawn's callback is a native function without a name. */
function isDawns(callback: unknown): boolean {
  return (
    typeof callback === 'function' &&
    callback.name === '' &&
    Function.prototype.toString.call(callback).includes('[native code]')
  )
}
