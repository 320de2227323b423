/** What Node needs and a browser has: an adapter, a way to wait, a garbage collector, a store. */
import { provide } from '../kernels/adapter.js'
import { shutdown } from '../kernels/device.js'
import { collectWith } from '../kernels/pressure.js'
import { keepTuningIn } from '../launches/rungs/rung.js'
import { findAdapter } from './adapter.js'
import { collectGarbage } from './memory.js'
import { quietly } from './quiet.js'
import { tuningInFile, useVariantsOf } from './tuning.js'

let isThere = false

/**
 * Has the library use them, from the first call on.
 * @throws Error when KERNELGRAD_VARIANTS names something unknown
 */
export function bringDawn(): void {
  if (isThere) return
  useVariantsOf()
  provide(() => findAdapter(), quietly)
  collectWith(collectGarbage)
  keepTuningIn(tuningInFile)
  // some drivers crash when the process ends with a device open
  process.once('exit', shutdown)
  isThere = true
}
