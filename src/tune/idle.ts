/** Waits until the program launches nothing. */
import { launchCounts } from '../kernels/launch.js'

const quiet = 100 // ms

/** Resolves when nothing was launched for 100 ms. */
export async function untilIdle(): Promise<void> {
  for (let before = -1; before !== launchCounts().launches; ) {
    before = launchCounts().launches
    await new Promise(resolve => setTimeout(resolve, quiet))
  }
}
