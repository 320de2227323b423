/** A run with its session: new, or as it was when it was saved. */
import { readFile } from 'node:fs/promises'
import { check } from '../../kernels/check.js'
import { writeFileAtomic } from '../../node/files.js'
import { openImages } from '../images.js'
import { makeNetwork } from '../loaded.js'
import { type Config, ordered } from './config.js'
import { type Environment, environment } from './environment.js'
import { Metrics } from './metrics.js'
import { makeRun, openRun, type RunFolder, writeConfig } from './runfolder.js'
import { beginning, type Progress, restore } from './saving.js'
import { makeSession, type Session } from './session.js'

/** A new run. */
export interface New {
  config: Config
  /** Where it goes; otherwise to the next free folder in `runs`. */
  folder?: string
  runs: string
}

/** A run that goes on, perhaps to another last epoch. */
export interface GoOn {
  resume: string
  /** The number of the last epoch, or how many there shall be more; null: as its config says. */
  epochs: { n: number; isMore: boolean } | null
}

export interface Begun {
  run: RunFolder
  config: Config
  session: Session
  progress: Progress
  metrics: Metrics
  environment: Environment
}

export async function begin(request: New): Promise<Begun> {
  const config = ordered(request.config)
  const session = await sessionOf(config)
  const run = await makeRun(config, request)
  const here = await environment()
  await writeFileAtomic(run.environment, `${JSON.stringify(here, null, 2)}\n`)
  const metrics = await Metrics.upTo(run, -1)
  return { run, config, session, progress: beginning, metrics, environment: here }
}

export async function goOn({ resume, epochs }: GoOn): Promise<Begun> {
  const run = await openRun(resume)
  const saved = await run.readConfig()
  const session = await sessionOf({ ...saved, init: null }) // its weights come from the checkpoint
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
