/** The Node entry: the library, with Dawn as its GPU. */
import { provide } from './kernels/adapter.js'
import { shutdown } from './kernels/device.js'
import { collectWith } from './kernels/pressure.js'
import { keepTuningIn } from './launches/variants.js'
import { findAdapter } from './node/adapter.js'
import { collectGarbage } from './node/memory.js'
import { quietly } from './node/quiet.js'
import { tuningInFile, useVariantsOf } from './node/tuning.js'

export * from './index.js'
export { loadCheckpoint, saveCheckpoint } from './node/checkpoint.js'
export { downloadMnist } from './node/download.js'
export { loadSafetensors, saveSafetensors } from './node/files.js'
export { loadMnist } from './node/mnist.js'

provide(() => findAdapter(), quietly)
collectWith(collectGarbage)
keepTuningIn(tuningInFile)
useVariantsOf()

// some drivers crash when the process ends with a device open
process.once('exit', shutdown)
