/** A reader's program in a worker: what it prints, how it ends, and an end to one that never does. */

export interface Job {
  readonly code: string
  /** The exercise that judges it; without one it only runs. */
  readonly exercise?: string
}

export interface Outcome {
  readonly ok: boolean
  /** The verdict, or the error. */
  readonly words: string
  /** Where the error is. */
  readonly line?: number
}

/** What the worker posts. */
export type Report = { printed: string } | { cleared: true } | { ready: true } | Outcome

export interface RunOptions {
  /** Receives all that the program has printed, each time that it prints. */
  readonly onprint: (lines: readonly string[]) => void
  readonly signal: AbortSignal
}

const limit = 10 // seconds, counted from the moment at which the engine is ready
const longest = 200 // lines of print that are kept

/** Runs it in a new worker, so that nothing is left of the program before. */
export function run(job: Job, { onprint, signal }: RunOptions): Promise<Outcome> {
  return new Promise(resolve => {
    const worker = new Worker(new URL('./runner.worker.ts', import.meta.url), { type: 'module' })
    let lines: string[] = []
    let timer: number | undefined
    const end = (outcome: Outcome) => {
      clearTimeout(timer)
      worker.terminate()
      resolve(outcome)
    }
    const tooLong = () =>
      end({
        ok: false,
        words: `Stopped after ${limit} seconds. Is there a loop that never ends?`,
      })
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if ('ready' in data) timer = window.setTimeout(tooLong, 1000 * limit)
      else if ('words' in data) end(data)
      else {
        lines = 'printed' in data ? [...lines, data.printed].slice(-longest) : []
        onprint(lines)
      }
    }
    worker.onerror = ({ message }) =>
      end({ ok: false, words: message || 'The worker did not start.' })
    signal.addEventListener('abort', () => end({ ok: false, words: '' }), { once: true })
    worker.postMessage(job)
  })
}
