/** How a command ends: its GPU closed, and with one line of text if it failed. */
import { shutdown } from '../kernels/device.js'

/**
 * Runs a command's work. An error becomes one line on stderr and exit code 1. After Ctrl-C
 * `stopped()` is true and the exit code 130: the work should end soon. A second Ctrl-C ends the
 * process at once, if a second has passed. (Within a second it is the same key press, forwarded by
 * npm and tsx.)
 *
 * The work goes on when nobody reads its words any more, as in `npm start | head -1`.
 */
export async function run(work: (stopped: () => boolean) => Promise<void>): Promise<void> {
  let interrupted = Number.POSITIVE_INFINITY
  const interrupt = () => {
    process.exitCode = 130
    if (performance.now() - interrupted > 1000) process.exit()
    interrupted = Math.min(interrupted, performance.now())
  }
  process.on('SIGINT', interrupt)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unwritten)
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

/** A closed pipe is the reader's wish; words that could not be written elsewhere are a failure. */
function unwritten({ code }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') process.exitCode ??= 1
}
