/** A training from its beginning to its end, and what is told of it. */
import { writeFileAtomic } from '../../node/files.js'
import { adapterInfo, init } from '../../node.js'
import type { Stopped } from '../run.js'
import { begin, type GoOn, goOn, type New } from './begin.js'
import { quoted } from './environment.js'
import { type Ended, trainRun } from './loop.js'
import { writePage } from './page.js'
import { inWords, resultOf } from './result.js'
import { writeSamples } from './samples.js'
import type { Progress } from './saving.js'
import { screen } from './screen.js'

interface Talk {
  /** Print nothing but errors. */
  quiet: boolean
  /** Print the result as JSON. */
  json: boolean
}

/** A new run, or one that goes on, perhaps to another last epoch. */
export type Request = Talk & (New | GoOn)

export async function startTraining(request: Request, stopped: Stopped): Promise<void> {
  await init()
  const begun = 'resume' in request ? await goOn(request) : await begin(request)
  const { run, config, session, progress, metrics, environment } = begun
  const { title } = session.network
  const { quiet, json } = request
  const view = screen({ steps: config.epochs * session.length, epochs: config.epochs }, quiet)
  view.note(`${title}: ${session.train.count} images, on ${adapterInfo().description}`)
  view.note(`run ${run.path}${progress.step > 0 ? `, from step ${progress.step}` : ''}`)
  const tell = (state: string, progress: Progress) =>
    writePage(run, { title, config, environment, metrics: metrics.lines, progress, state })
  let ended: Ended
  try {
    ended = await trainRun(run, config, session, begun, {
      stopped,
      onMetric: metric => view.metric(metric),
      async onEpoch(progress) {
        const { testError } = metrics.lines.at(-1)!
        const isBest = progress.best?.epoch === progress.epoch
        view.note(
          `epoch ${progress.epoch}: test error ${testError?.toFixed(5)}${isBest ? ' *' : ''}`,
        )
        await writeSamples(run, session, progress.epoch)
        await metrics.writeTable()
        await tell('training', progress)
      },
    })
  } finally {
    view.stop()
  }
  await metrics.writeTable()
  await tell(ended.reason === 'early' ? 'stopped early' : ended.reason, ended.progress)
  const result = resultOf(run, ended, metrics)
  await writeFileAtomic(run.result, `${JSON.stringify(result, null, 2)}\n`)
  if (json) console.log(JSON.stringify(result))
  else if (!quiet) console.log(inWords(result))
  if (ended.reason === 'stopped') {
    const command = `kernelgrad train --resume ${quoted(run.path)}`
    throw new Error(
      `stopped by ${stopped()} after step ${ended.progress.step}; go on with ${command}`,
    )
  }
}
