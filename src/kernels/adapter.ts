/** How an adapter is found, and how promises of the GPU are awaited: a browser and Node differ. */

import { check } from './check.js'
import type { GPUAdapter } from './gpu.js'

/** What a search for an adapter returns. */
export interface Found {
  adapter: GPUAdapter
  software: boolean
  /** Whether its driver compiles a kernel at its first launch, and makes no pipeline meanwhile. */
  compilesLate?: boolean
  /** How many buffers its driver can have when so many exist, if it ends the process beyond. */
  mostBuffers?(existing: number): number
  /** Bytes that a new buffer may take, if the driver ends the process beyond them. */
  freeBytes?(): number
  /** Frees whatever keeps the adapter alive. */
  release(): void
}

/** Awaits a promise of the GPU. */
export type Wait = <T>(wait: () => Promise<T>) => Promise<T>

let search: () => Promise<Found> = searchBrowser
let waiting: Wait = wait => wait()

/**
 * Replaces the search for an adapter: Node has no `navigator.gpu`, so its entry brings its own.
 * `wait` replaces the plain `await` where there is a better way to wait.
 */
export function provide(find: () => Promise<Found>, wait?: Wait): void {
  search = find
  if (wait) waiting = wait
}

/** Finds an adapter. @throws Error that says what to install or to switch on when there is none */
export function findAdapter(): Promise<Found> {
  return search()
}

/** Awaits a promise of the GPU in the way that suits the platform. */
export function awaited<T>(wait: () => Promise<T>): Promise<T> {
  return waiting(wait)
}

/** Asks `navigator.gpu`. @throws Error that says what to switch on when there is none */
export async function searchBrowser(): Promise<Found> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu
  check(
    gpu,
    () =>
      'no WebGPU here: use a current Chrome, Edge, Firefox or Safari, over https or on localhost',
  )
  const ask = () => gpu.requestAdapter({ powerPreference: 'high-performance' })
  let adapter = await ask()
  // Chromium has none while the process for its GPU starts
  for (let again = 0; again < 3 && !adapter; again++) {
    await new Promise(resolve => setTimeout(resolve, 150))
    adapter = await ask()
  }
  check(
    adapter,
    () =>
      'no GPU adapter: the browser has WebGPU but offers no GPU; see chrome://gpu or about:support',
  )
  const { architecture, description, isFallbackAdapter } = adapter.info
  // Chrome on Linux may hand out SwiftShader without a word
  const software = isFallbackAdapter || /swiftshader|llvmpipe/i.test(architecture + description)
  if (software)
    console.warn(
      `kernelgrad: this browser computes on the CPU (${description || architecture}), not on a ` +
        'GPU: all is right and slow; see chrome://gpu or about:support',
    )
  return { adapter, software, release() {} }
}
