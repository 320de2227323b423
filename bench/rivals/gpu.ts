/** A browser's `navigator.gpu` in Node: Dawn, on the adapter that kernelgrad would choose. */
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

const busy = process.env.KERNELGRAD_WAIT === 'busy'
/** The note about it: whether Node sleeps while the GPU computes (src/node/quiet.ts). */
export const offered = `navigator.gpu is Dawn; waiting ${busy ? 'is busy' : 'sleeps'}`

/** What engines read of the navigator, whether or not there is a GPU in it. */
export function offerNavigator(
  gpu?: { requestAdapter(): Promise<GPUAdapter> },
  hardwareConcurrency = availableParallelism(),
): void {
  const value = { gpu, userAgent: 'Node', hardwareConcurrency }
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true })
}
