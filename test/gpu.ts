/** Opens the device once for a test file, on the adapter that KERNELGRAD_ADAPTER names or the best there is. */
import { init } from '../src/node.js'

export async function gpu(): Promise<void> {
  try {
    await init()
  } catch (error) {
    console.error(`FAIL  init: ${error}`) // uvu says nothing of what a hook throws
    throw error
  }
}
