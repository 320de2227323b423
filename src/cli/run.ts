/** How a command ends: by itself, with the GPU given back, and with one line if it failed. */
import { shutdown } from '../kernels/device.js'

/**
 * Runs a command's work. An error becomes one line on stderr and exit code 1; Ctrl-C once asks the
 * work to stop where it next looks (`stopped()`), exit code 130; again a second later or more, it
 * ends the process at once. (Within a second it is the same key press, passed on by npm and tsx.)
 */
export async function run(work: (stopped: () => boolean) => Promise<void>): Promise<void> {
  let interrupted = Number.POSITIVE_INFINITY
  const interrupt = () => {
    process.exitCode = 130
    if (performance.now() - interrupted > 1000) process.exit()
    interrupted = Math.min(interrupted, performance.now())
  }
  process.on('SIGINT', interrupt)
  try {
    await work(() => interrupted < Number.POSITIVE_INFINITY)
  } catch (error) {
    process.exitCode ??= 1
    console.error(process.env.KERNELGRAD_TRACE ? error : `kernelgrad: ${(error as Error).message}`)
  } finally {
    process.off('SIGINT', interrupt)
    shutdown()
  }
}
