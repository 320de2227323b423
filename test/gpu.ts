/** Opens the device once for a test file, on the adapter that KERNELGRAD_ADAPTER names or the best there is. */
import { init } from '../src/node.js'

export async function gpu(): Promise<void> {
  await init()
}
