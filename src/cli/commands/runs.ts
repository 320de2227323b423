/** `kernelgrad runs`: all runs of a folder, side by side. */
import { Command } from 'commander'
import { columns } from '../../nn/columns.js'
import { run } from '../run.js'
import type { Config } from '../training/config.js'
import { readMetrics } from '../training/metrics.js'
import { listRuns, type RunFolder } from '../training/runfolder.js'

export const runs = new Command('runs')
  .description('Lists the runs of a folder, the best first, and the settings in which they differ.')
  .argument('[folder]', 'where the runs are', 'runs')
  .option('--json', 'print them as JSON, a list of objects')
  .addHelpText(
    'after',
    `
Examples:
  kernelgrad runs                     the runs in runs/
  kernelgrad runs runs/sweep-1        those of a sweep`,
  )
  .action((folder: string, { json }: { json?: boolean }) => run(() => list(folder, json === true)))

async function list(folder: string, json: boolean): Promise<void> {
  const all = await Promise.all((await listRuns(folder)).map(entry))
  if (json) return console.log(JSON.stringify(all, null, 2))
  if (all.length === 0)
    return console.log(`${folder}: no runs there; \`kernelgrad train\` makes one`)
  const error = ({ lowest }: Entry) => lowest ?? Infinity
  all.sort((a, b) => error(a) - error(b))
  const differing = differences(all.map(({ config }) => config))
  const head = ['run', 'epochs', 'lowest test error', 'seconds', ...differing]
  const rows = all.map(({ name, epochs, lowest, seconds, config }) => [
    name,
    epochs === config.epochs ? `${epochs}` : `${epochs} of ${config.epochs}`,
    lowest?.toFixed(5) ?? '–',
    seconds.toFixed(1),
    ...differing.map(setting => String(config[setting] ?? '–')),
  ])
  console.log(columns([head, ...rows]).join('\n'))
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

/** The settings that are not the same in all. */
function differences(configs: readonly Config[]): (keyof Config)[] {
  const names = Object.keys(configs[0]) as (keyof Config)[]
  return names.filter(name => new Set(configs.map(config => config[name])).size > 1)
}
