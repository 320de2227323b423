/** The Node entry: the library, with Dawn as its GPU. */
import { provide, shutdown } from './kernels/device.js'
import { findAdapter } from './node/adapter.js'

export * from './index.js'
export { downloadMnist } from './node/download.js'
export { loadSafetensors, saveSafetensors } from './node/files.js'
export { loadMnist } from './node/mnist.js'

provide(() => findAdapter())

// some drivers crash when the process ends with a device open
process.once('exit', shutdown)
