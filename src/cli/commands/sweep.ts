/** `kernelgrad sweep`: the same training with several seeds and settings, and one table. */
import { Command, InvalidArgumentError } from 'commander'
import { check } from '../../kernels/check.js'
import { columns } from '../../nn/columns.js'
import { bar } from '../bar.js'
import { list, whole } from '../options.js'
import { run, type Stopped } from '../run.js'
import { meanOf } from '../statistics.js'
import type { Result } from '../training/result.js'
import { forget, free, openSweep } from '../training/sweepfolder.js'
import { type Job, jobsOf, type Setting, trainJob } from '../training/sweeping.js'

export const sweep = new Command('sweep')
  .description('Trains with several seeds and settings, and prints one table.')
  .argument('[flags...]', 'flags of `kernelgrad train` that all have in common')
  .allowUnknownOption()
  .option('--seeds <list>', 'such as 0,1,2 or 0-4 (default: 0-2)', seeds)
  .option('--set <name=values>', 'a flag of train with its values, such as lr=1e-3,3e-4', setting)
  .option('--jobs <n>', 'trainings at once, each in a process of its own', whole(1, 64), 1)
  .option('--out <folder>', 'where the runs go (default: the next free runs/sweep-N)')
  .option('--json', 'print the results as JSON, a list of objects')
  .addHelpText(
    'after',
    `
Each row of the table is the mean ± standard deviation over the seeds. A sweep that was stopped goes
on when it is called again with the same --out: what is finished is not repeated. After -- all
flags are those of train, also where sweep has one of the same name.

Examples:
  kernelgrad sweep --seeds 0-4 --model conv --epochs 4
  kernelgrad sweep --set lr=1e-3,3e-4 --set batch=32,64 --model mlp --count 4000`,
  )
  .action((flags: string[], options: Options) =>
    run(stopped =>
      start(
        flags.filter(word => word !== '--'),
        options,
        stopped,
      ),
    ),
  )

interface Options {
  seeds?: number[]
  set?: Setting[]
  jobs: number
  out?: string
  json?: boolean
}

interface Done extends Job {
  result: Result
}

/** Flags of train that a sweep sets itself. */
const own = {
  '--seed': 'a sweep has --seeds, such as --seeds 0-4',
  '--run': 'a sweep makes its runs in --out FOLDER',
  '--runs': 'a sweep makes its runs in --out FOLDER',
  '--resume': 'a sweep goes on when it is called again with the same --out',
}

async function start(
  common: string[],
  { seeds = [0, 1, 2], set = [], jobs: atOnce, json, out = free() }: Options,
  stopped: Stopped,
): Promise<void> {
  for (const [flag, instead] of Object.entries(own))
    check(
      !common.some(word => word === flag || word.startsWith(`${flag}=`)),
      () => `${flag}: ${instead}`,
    )
  await openSweep(common, out)
  const jobs = jobsOf(common, { seeds, settings: set })
  const queue = [...jobs]
  const done: Done[] = []
  const view = bar()
  const work = async () => {
    for (let job = queue.shift(); job && !stopped(); job = queue.shift()) {
      const result = await trainJob(job, out).catch(error => {
        if (stopped()) return null // Ctrl-C stops the trainings as well
        throw error
      })
      if (!result) return
      done.push({ ...job, result })
      const words = `${job.name}: lowest test error ${result.best?.testError.toFixed(5)}`
      view.aside(() => console.error(words))
      view.show(job.name, done.length, jobs.length)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } catch (error) {
    queue.length = 0
    await forget(out)
    throw error
  } finally {
    view.stop()
  }
  done.sort(
    (a, b) => jobs.findIndex(j => j.name === a.name) - jobs.findIndex(j => j.name === b.name),
  )
  if (json) console.log(JSON.stringify(done, null, 2))
  else console.log([...table(done), `\nthe runs are in ${out}`].join('\n'))
  const why = stopped()
  check(!why, () => `stopped by ${why}; the same command with --out ${out} goes on`)
}

/** A row for each combination of settings. */
function table(done: readonly Done[]): string[] {
  const kinds = [...new Set(done.map(({ settings }) => settings))]
  const rows = kinds.map(settings => {
    const of = done.filter(job => job.settings === settings)
    const errors = of.flatMap(({ result }) => result.best?.testError ?? [])
    const { mean, deviation } = meanOf(errors)
    const seconds = meanOf(of.map(({ result }) => result.seconds)).mean
    return [
      settings || 'as given',
      String(of.length),
      `${mean.toFixed(5)} ± ${deviation.toFixed(5)}`,
      seconds.toFixed(1),
    ]
  })
  return columns([['settings', 'seeds', 'lowest test error', 'seconds each'], ...rows])
}

function seeds(text: string): number[] {
  const all = list(text).flatMap(part => {
    const [from, to = from] = part.split('-').map(whole(0))
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  })
  if (all.length === 0 || all.length > 10_000)
    throw new InvalidArgumentError('It must be a list such as 0,1,2 or 0-4.')
  return [...new Set(all)]
}

function setting(text: string, before: Setting[] = []): Setting[] {
  const [name, values = ''] = text.replace(/^--/, '').split('=')
  const all = list(values)
  if (!name || all.length === 0)
    throw new InvalidArgumentError('It must be a flag with its values, such as lr=1e-3,3e-4.')
  return [...before, { name, values: all }]
}
