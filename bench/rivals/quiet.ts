/** Waiting for the GPU without burning the core that a software adapter computes on. */

/**
 * Awaits what `start` begins. While a GPU promise is pending Dawn asks for setImmediate without
 * pause; here each such turn sleeps for a tenth of the time waited, at most 1 ms, once the wait has
 * lasted a quarter of a millisecond.
 */
export async function quietly<T>(start: () => Promise<T>): Promise<T> {
  const immediate = globalThis.setImmediate
  const began = performance.now()
  globalThis.setImmediate = ((...call: Parameters<typeof immediate>) => {
    const waited = performance.now() - began
    if (waited > 0.25) Atomics.wait(bed, 0, 0, Math.min(1, waited / 10))
    return immediate(...call)
  }) as typeof immediate
  try {
    return await start()
  } finally {
    globalThis.setImmediate = immediate
  }
}

const bed = new Int32Array(new SharedArrayBuffer(4))
