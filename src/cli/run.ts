/** How a command ends: by itself, with the GPU given back, and with one line if it failed. */
import { shutdown } from '../kernels/device.js'

/**
 * Runs a command's work. An error becomes one line on stderr and exit code 1; Ctrl-C once asks the
 * work to stop where it next looks (`stopped()`), exit code 130; twice ends the process at once.
 */
export async function run(work: (stopped: () => boolean) => Promise<void>): Promise<void> {
  let interrupts = 0
  const interrupt = () => {
    process.exitCode = 130
    if (++interrupts > 1) process.exit()
  }
  process.on('SIGINT', interrupt)
  try {
    await work(() => interrupts > 0)
  } catch (error) {
    process.exitCode ??= 1
    console.error(process.env.KERNELGRAD_TRACE ? error : `kernelgrad: ${(error as Error).message}`)
  } finally {
    process.off('SIGINT', interrupt)
    shutdown()
  }
}
