/**
 * Waits for the GPU that leave the CPU to a driver that computes on it.
 *
 * While a promise of the GPU is pending, Dawn polls it in every iteration of Node's event loop, and
 * starts the next iteration at once by `setImmediate`: ten thousand polls in 100 ms, which keep one
 * core busy. So after 0.25 ms of waiting we sleep before each of Dawn's callbacks: a tenth of the
 * time waited so far, at most 1 ms. A short wait stays short; a long one ends at most a tenth late.
 * Other callbacks are not delayed, and between waits `setImmediate` is Node's own.
 *
 * KERNELGRAD_WAIT=busy in the environment turns this off.
 */
const undelayed = 0.25 // ms
const longestSleep = 1 // ms

const busy = process.env.KERNELGRAD_WAIT === 'busy'
const cell = new Int32Array(new SharedArrayBuffer(4))
let pending = 0
let since = 0
let original = globalThis.setImmediate

/** Awaits the promise of `wait`, sleeping between Dawn's polls. */
export async function quietly<T>(wait: () => Promise<T>): Promise<T> {
  if (busy) return wait()
  if (pending++ === 0) replace()
  try {
    return await wait()
  } finally {
    if (--pending === 0 && globalThis.setImmediate === (delayed as unknown)) restore()
  }
}

function replace(): void {
  since = performance.now()
  original = globalThis.setImmediate
  globalThis.setImmediate = delayed as typeof setImmediate
}

function restore(): void {
  globalThis.setImmediate = original
}

function delayed(callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
  const waited = performance.now() - since
  if (waited > undelayed && isDawns(callback))
    Atomics.wait(cell, 0, 0, Math.min(waited / 10, longestSleep))
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
