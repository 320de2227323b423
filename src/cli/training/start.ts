/** Begins a run or goes on with one, and tells what becomes of it. */
import { readFile } from 'node:fs/promises'
import { check } from '../../kernels/check.js'
import { writeFileAtomic } from '../../node/files.js'
import { adapterInfo, init } from '../../node.js'
import { openImages } from '../images.js'
import { makeNetwork } from '../loaded.js'
import type { Stopped } from '../run.js'
import { type Config, ordered } from './config.js'
import { type Environment, environment, quoted } from './environment.js'
import { type Ended, trainRun } from './loop.js'
import { Metrics } from './metrics.js'
import { writePage } from './page.js'
import { makeRun, openRun, type RunFolder, writeConfig } from './runfolder.js'
import { writeSamples } from './samples.js'
import { beginning, type Progress, restore } from './saving.js'
import { screen } from './screen.js'
import { makeSession, type Session } from './session.js'

interface Talk {
  /** Print nothing but errors. */
  quiet: boolean
  /** Print the result as JSON. */
  json: boolean
}

/** A new run, or one that goes on, perhaps to another last epoch. */
export type Request = Talk &
  (
    | { config: Config; folder?: string; runs: string }
    | { resume: string; epochs: { n: number; isMore: boolean } | null }
  )

/** What a training ends with, as `--json` prints it. */
export interface Result {
  run: string
  state: 'finished' | 'early' | 'stopped'
  epochs: number
  steps: number
  testError: number | null
  best: Progress['best']
  imagesPerSecond: number
  seconds: number
}

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

interface Begun {
  run: RunFolder
  config: Config
  session: Session
  progress: Progress
  metrics: Metrics
  environment: Environment
}

async function begin(request: { config: Config; folder?: string; runs: string }): Promise<Begun> {
  const config = ordered(request.config)
  const session = await sessionOf(config)
  const run = await makeRun(config, request)
  const here = await environment()
  await writeFileAtomic(run.environment, `${JSON.stringify(here, null, 2)}\n`)
  const metrics = await Metrics.upTo(run, -1)
  return { run, config, session, progress: beginning, metrics, environment: here }
}

async function goOn({
  resume,
  epochs,
}: {
  resume: string
  epochs: { n: number; isMore: boolean } | null
}): Promise<Begun> {
  const run = await openRun(resume)
  const saved = await run.readConfig()
  const session = await sessionOf(saved)
  const progress = await restore(run, session)
  const last = epochs ? epochs.n + (epochs.isMore ? progress.epoch : 0) : saved.epochs
  check(
    last > progress.epoch,
    () =>
      `${resume}: its ${progress.epoch} epochs are done; --epochs ${progress.epoch + 1} or ` +
      '--epochs +1 adds one',
  )
  const config = ordered({ ...saved, epochs: last })
  if (last !== saved.epochs) {
    check(
      saved.schedule === 'constant' || last < saved.epochs,
      () =>
        `${resume}: its learning rate goes by ${saved.schedule} to epoch ${saved.epochs} and ` +
        'cannot go on behind it; a run with --schedule constant can',
    )
    await writeConfig(run, config)
  }
  const [here, before] = [await environment(), await readEnvironment(run)]
  if (before && before.driver !== here.driver)
    console.error(
      `kernelgrad: the run began on ${before.driver} and goes on on ${here.driver}: ` +
        'its bits will not be those of a run on one adapter',
    )
  const metrics = await Metrics.upTo(run, progress.step)
  return { run, config, session, progress, metrics, environment: before ?? here }
}

async function sessionOf(config: Config): Promise<Session> {
  const { model, data, count, seed } = config
  const onFile = (name: string) => console.error(`fetching ${name}`)
  const sets = await openImages(data, { count: count ?? undefined, seed, onFile })
  const options = Object.fromEntries(
    (['beta', 'latent', 'width'] as const)
      .filter(name => config[name] !== null)
      .map(name => [name, config[name]]),
  )
  return makeSession(config, sets, () => makeNetwork(model, options))
}

async function readEnvironment(run: RunFolder): Promise<Environment | null> {
  try {
    return JSON.parse(await readFile(run.environment, 'utf8')) as Environment
  } catch {
    return null
  }
}

function resultOf(run: RunFolder, { reason, progress }: Ended, metrics: Metrics): Result {
  const rates = metrics.lines.flatMap(line => line.imagesPerSecond ?? []).sort((a, b) => a - b)
  return {
    run: run.path,
    state: reason,
    epochs: progress.epoch,
    steps: progress.step,
    testError: metrics.lines.findLast(line => line.testError !== undefined)?.testError ?? null,
    best: progress.best,
    imagesPerSecond: rates.at(Math.floor(rates.length / 2)) ?? 0,
    seconds: metrics.lines.at(-1)?.seconds ?? 0,
  }
}

function inWords({ run, state, epochs, steps, best, imagesPerSecond, seconds }: Result): string {
  const what = state === 'early' ? 'ended early, since nothing got better' : state
  const lowest = best && `lowest test error ${best.testError.toFixed(5)} after epoch ${best.epoch}`
  return [
    `${what}: ${epochs} epochs, ${steps} steps in ${seconds.toFixed(1)} s`,
    `${imagesPerSecond.toLocaleString('en')} images/s; ${lowest ?? 'no epoch is done yet'}`,
    `look at ${run}/index.html`,
  ].join('\n')
}
