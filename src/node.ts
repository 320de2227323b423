/** The Node entry: the library, with Dawn as its GPU. */
import { attachMethods } from './autograd/methods.js'
import type { InitOptions } from './kernels/initoptions.js'
import { init as open } from './node-functional.js'

// with this line a program's compiler sees the methods too
export type { Methods } from './autograd/methods.js'
export * from './node-functional.js'

/**
 * Finds an adapter, opens the device, and gives tensors their methods. Await it once before the
 * first tensor; more calls do no harm.
 * @throws Error that says what to install or to switch on when no adapter is found, and when the
 * device is open already with other options
 */
export function init(options?: InitOptions): Promise<void> {
  attachMethods()
  return open(options)
}
