/** How a command ends: its GPU closed, and with one line of text if it failed. */
import { constants as os } from 'node:os'
import { shutdown } from '../kernels/device.js'

/** What ended the program, such as `Ctrl-C` or `SIGTERM`; null while nothing did. */
export type Stopped = () => string | null

/** Ctrl-C, the end of a container or of a job, and a closed terminal. */
const polite = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a command's work. An error becomes one line on stderr and exit code 1. After Ctrl-C, or a
 * signal that ends programs politely, `stopped()` names it, and the work should end soon. The exit
 * code is then 128 and the signal's number. A second signal ends the process at once, if a second
 * has passed. (Within a second it is the same key press, forwarded by npm and tsx.)
 *
 * The work goes on when nobody reads its words any more, as in `npm start | head -1`.
 */
export async function run(work: (stopped: Stopped) => Promise<void>): Promise<void> {
  let since = Number.POSITIVE_INFINITY
  let by: string | null = null
  const interrupt = (signal: NodeJS.Signals) => {
    process.exitCode = 128 + os.signals[signal]
    if (performance.now() - since > 1000) process.exit()
    since = Math.min(since, performance.now())
    by ??= signal === 'SIGINT' ? 'Ctrl-C' : signal
  }
  for (const signal of polite) process.on(signal, interrupt)
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(unwritten)) stream.on('error', unwritten)
  try {
    await work(() => by)
  } catch (error) {
    process.exitCode ??= 1
    console.error(process.env.KERNELGRAD_TRACE ? error : `kernelgrad: ${(error as Error).message}`)
  } finally {
    for (const signal of polite) process.off(signal, interrupt)
    shutdown()
  }
}

/** A closed pipe is the reader's wish; words that could not be written elsewhere are a failure. */
function unwritten({ code }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') process.exitCode ??= 1
}
