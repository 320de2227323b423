/** `kernelgrad runs`: all runs of a folder, side by side. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Command } from 'commander'
import { check } from '../../kernels/check.js'
import { columns } from '../../nn/columns.js'
import { run } from '../run.js'
import type { Config } from '../training/config.js'
import { readMetrics } from '../training/metrics.js'
import { listRuns, type RunFolder } from '../training/runfolder.js'

const usual = 'runs'

export const runs = new Command('runs')
  .description('Lists the runs of a folder, the best first, and the settings in which they differ.')
  .argument('[folder]', 'where the runs are', usual)
  .option('--json', 'print them as JSON, a list of objects')
  .addHelpText(
    'after',
    `
Examples:
  kernelgrad runs                     the runs in runs/
  kernelgrad runs runs/sweep-1        those of a sweep

The test error is the mean squared error in the values of the network: those of mlp and conv go from
−1 to 1, so theirs is four times that of pixels from 0 to 1. \`evaluate\` compares all alike.`,
  )
  .action((folder: string, { json }: { json?: boolean }) => run(() => list(folder, json === true)))

async function list(folder: string, json: boolean): Promise<void> {
  check(
    folder === usual || existsSync(folder),
    () => `${folder}: no such folder; name the one that has the runs`,
  )
  const all = (await Promise.all((await listRuns(folder)).map(entryOrNote))).filter(e => e !== null)
  const error = ({ lowest }: Entry) => lowest ?? Infinity
  all.sort((a, b) => error(a) - error(b))
  if (json) return console.log(JSON.stringify(all, null, 2))
  if (all.length === 0)
    return console.log(`${folder}: no runs there; \`kernelgrad train\` makes one`)
  const differing = differences(all.map(({ config }) => config))
  const head = ['run', 'epochs', 'lowest test error', 'seconds', ...differing]
  const rows = all.map(({ name, epochs, lowest, seconds, config }) => [
    name,
    epochs === config.epochs ? `${epochs}` : `${epochs} of ${config.epochs}`,
    lowest?.toFixed(5) ?? '–',
    seconds.toFixed(1),
    ...differing.map(setting => shortened(config[setting])),
  ])
  console.log(columns([head, ...rows]).join('\n'))
}

/** A damaged run is named on stderr, and does not hide the others. */
async function entryOrNote(run: RunFolder): Promise<Entry | null> {
  try {
    return await entry(run)
  } catch (error) {
    console.error(`kernelgrad: ${(error as Error).message}`)
    process.exitCode = 1
    return null
  }
}

interface Entry {
  name: string
  path: string
  epochs: number
  lowest: number | null
  seconds: number
  config: Config
}

async function entry(run: RunFolder): Promise<Entry> {
  const [config, metrics] = [await run.readConfig(), await readMetrics(run)]
  const errors = metrics.flatMap(({ testError }) => testError ?? [])
  return {
    name: run.name,
    path: run.path,
    epochs: errors.length,
    lowest: errors.length > 0 ? Math.min(...errors) : null,
    seconds: metrics.at(-1)?.seconds ?? 0,
    config,
  }
}

/** A setting as a cell; of a path its last name. */
function shortened(value: Config[keyof Config]): string {
  return typeof value === 'string' ? basename(value) : String(value ?? '–')
}

/** The settings that are not the same in all, but for the epochs, which have a column. */
function differences(configs: readonly Config[]): (keyof Config)[] {
  const names = Object.keys(configs[0]) as (keyof Config)[]
  return names.filter(
    name => name !== 'epochs' && new Set(configs.map(config => config[name])).size > 1,
  )
}
