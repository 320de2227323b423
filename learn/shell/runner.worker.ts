/** Runs a reader's program on a device of its own, away from the page. */

import { init } from '../../src/index.js'
import { verdict } from '../exercises/exercise.js'
import { exercises } from '../exercises/index.js'
import { moduleOf, printed } from '../exercises/program.js'
import type { Job, Report } from './runner.js'

const say = (report: Report) => postMessage(report)
const urlOf = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))

console.log = (...values: unknown[]) => say({ printed: values.map(printed).join(' ') })
console.clear = () => say({ cleared: true })

addEventListener('message', async ({ data: { code, exercise } }: MessageEvent<Job>) => {
  try {
    await init()
    say({ ready: true })
    if (exercise) say({ ok: true, words: await verdict(exercises[exercise], code, urlOf) })
    else {
      await moduleOf(code, urlOf)
      say({ ok: true, words: '' })
    }
  } catch (error) {
    say({ ok: false, words: wordsOf(error), line: lineOf(error) })
  }
})

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Where in the reader's text: of a program from the stack, of WGSL from the message. */
function lineOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  const [, line] =
    error.stack?.match(/blob:\S+?:(\d+):\d+/) ?? error.message.match(/line (\d+)/) ?? []
  return line === undefined ? undefined : Number(line)
}
