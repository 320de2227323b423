/** Whether sums are cut into the parts that suit an adapter on the CPU. */
import { isSoftware } from '../kernels/device.js'
import { isReproducible } from '../kernels/initoptions.js'

export function sumsAsOnCpu(): boolean {
  return isReproducible() || isSoftware()
}
