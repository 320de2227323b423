/** A browser's `navigator.gpu` in Node: Dawn on the adapter that kernelgrad itself would take. */
import { availableParallelism } from 'node:os'
import { globals } from 'webgpu'
import { findAdapter } from '../../src/node/adapter.js'

/** Installs it for engines that look for it. Returns the adapter's name. */
export async function offerWebGPU(): Promise<string> {
  const { adapter, release } = await findAdapter()
  Object.assign(globalThis, globals)
  offerNavigator({ requestAdapter: async () => adapter })
  process.once('exit', release)
  return adapter.info.description || adapter.info.vendor
}

/** What is to be said of it: whether Node's core sleeps while the GPU computes (src/node/quiet.ts). */
export const offered = `navigator.gpu is Dawn, waited for ${process.env.KERNELGRAD_WAIT === 'busy' ? 'without' : 'with'} naps`

/** What engines read of the navigator, whether or not there is a GPU in it. */
export function offerNavigator(
  gpu?: { requestAdapter(): Promise<GPUAdapter> },
  hardwareConcurrency = availableParallelism(),
): void {
  const value = { gpu, userAgent: 'Node', hardwareConcurrency }
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true })
}
