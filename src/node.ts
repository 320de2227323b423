/** The Node entry: the library, with Dawn as its GPU. */
import { provide } from './kernels/adapter.js'
import { shutdown } from './kernels/device.js'
import { keepTuningIn } from './kernels/variants.js'
import { findAdapter } from './node/adapter.js'
import { quietly } from './node/quiet.js'
import { tuningInFile, useVariantsOf } from './node/tuning.js'

export * from './index.js'
export { downloadMnist } from './node/download.js'
export { loadSafetensors, saveSafetensors } from './node/files.js'
export { loadMnist } from './node/mnist.js'

provide(() => findAdapter(), quietly)
keepTuningIn(tuningInFile)
useVariantsOf()

// some drivers crash when the process ends with a device open
process.once('exit', shutdown)
