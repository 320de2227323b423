/** The Node entry without methods of tensors: see functional.ts. */
import { init as open } from './kernels/device.js'
import type { InitOptions } from './kernels/initoptions.js'
import { bringDawn } from './node/dawn.js'

export * from './functional.js'
export { loadNpy, loadNpz, loadPt, saveNpy, saveNpz } from './node/arrays.js'
export { loadCheckpoint, saveCheckpoint } from './node/checkpoint.js'
export { downloadMnist } from './node/download.js'
export { downloadFashionMnist } from './node/fashion.js'
export { loadSafetensors, saveSafetensors } from './node/files.js'
export { loadMnist } from './node/mnist.js'

/**
 * Finds an adapter and opens the device. Await it once before the first tensor; more calls do no
 * harm.
 * @throws Error that says what to install when no adapter is found, and when the device is open
 * already with other options
 */
export function init(options?: InitOptions): Promise<void> {
  bringDawn()
  return open(options)
}
