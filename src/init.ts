/** `init` for programs that call operations as methods of tensors. */
import { attachMethods } from './autograd/methods.js'
import { init as open } from './kernels/device.js'
import type { InitOptions } from './kernels/initoptions.js'

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
