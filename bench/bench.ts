/** `npm run bench`: checks kernels and training steps, then measures how fast each is here. */
import { writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { bar } from '../src/cli/bar.js'
import { list, whole } from '../src/cli/options.js'
import { run } from '../src/cli/run.js'
import { check } from '../src/kernels/check.js'
import { about, heading } from './about.js'
import { isSane, time } from './clock.js'
import { type Base, ratioOf, readBase } from './compare.js'
import { figure } from './figure.js'
import { measure } from './measure.js'
import { peaks } from './peak.js'
import { writeResults } from './readme.js'
import { line, type Result, type Roofs, result } from './result.js'
import type { Row } from './row.js'
import { select } from './suite.js'
import { tuneHere, tuning } from './tuning.js'

interface Choices {
  only: string[]
  json: boolean
  rounds: number
  compare?: string
  threshold: number
  write: boolean
  plot?: string
  tune: boolean
  tuning?: 'show' | 'forget'
}

new Command('npm run bench --')
  .description(
    'Times the kernels and the training steps on this machine. Each result is checked first;\n' +
      'a wrong one is not timed. Each row has rounds of 60 ms or more. It prints their median,\n' +
      'their best, and half the distance between the quartiles. Kernels are timed by the clock\n' +
      'of the GPU where that clock is right, steps by the clock of the CPU. "% of peak"\n' +
      'compares with the best rate of multiply-adds, or of memory, of this adapter in this run.',
  )
  .option('--only <prefixes>', 'only rows whose name begins so; commas between several', list, [])
  .option('--json', 'one object per line instead of a table', false)
  .option('--rounds <n>', 'rounds per row', whole(3), 7)
  .option('--compare <file>', 'ratios to the rows in a file that --json printed')
  .option('--threshold <ratio>', 'largest ratio of medians; above it, exit code 1', ratio, 1.25)
  .option('--write', 'keep the results in bench/results and update the README', false)
  .option('--plot <file>', 'roofline and ladder as an SVG')
  .option('--tune', 'measure which kernels are the fastest here, and use them from now on', false)
  .addOption(
    new Option(
      '--tuning <what>',
      'show which kernels are used and why, or forget what was measured',
    )
      .choices(['show', 'forget'])
      .conflicts('tune'),
  )
  .action((choices: Choices) =>
    run(stopped => {
      if (choices.tune) return tuneHere()
      return choices.tuning ? tuning(choices.tuning) : bench(choices, stopped)
    }),
  )
  .parse()

async function bench(choices: Choices, stopped: () => unknown): Promise<void> {
  const { only, json, compare, threshold, write, plot } = choices
  check(!write || only.length === 0, () => '--write takes all rows; leave --only out')
  const here = await about()
  const base: Base = compare ? readBase(compare, here.adapter) : new Map()
  const roofRows = peaks()
  const rows = select(roofRows, only)
  if (!json) console.log(`${heading(here)}\n`)
  const options = { rounds: choices.rounds, gpuClock: await hasSaneClock(roofRows[0]) }
  const done: Result[] = []
  const roofs = { gflops: 0, gbs: 0 }
  const wrong: string[] = []
  const slower: string[] = []
  const progress = bar()
  const all = new Set([...roofRows, ...rows])
  let count = 0
  for (const row of all) {
    check(!stopped(), () => 'stopped by Ctrl-C; the rows above stand')
    progress.show(row.name, count++, all.size)
    const isRoof = roofRows.includes(row)
    try {
      const measured = await measure(row, options)
      const got = result(measured, here, isRoof ? null : roofs)
      if (isRoof) raise(roofs, got)
      if (!rows.includes(row)) continue
      const change = ratioOf(got, base)
      if (change && change.ratio > threshold)
        slower.push(`${row.name} (${change.ratio.toFixed(2)})`)
      done.push(got)
      const words = change ? `${line(got)}  ${change.ratio.toFixed(2)} × base` : line(got)
      progress.aside(() => console.log(json ? JSON.stringify({ ...got, ...change }) : words))
    } catch (error) {
      wrong.push(row.name)
      progress.aside(() => console.error((error as Error).message))
    }
  }
  progress.stop()
  if (plot) writeFileSync(plot, figure(done, here, roofs))
  check(wrong.length === 0, () => `${wrong.length} not timed: ${wrong.join(', ')}`)
  if (write) console.error(`written: ${writeResults(done, here, roofs).join(', ')}`)
  check(
    !compare || done.some(({ name }) => base.has(name)),
    () => `--compare ${compare}: it has none of these rows`,
  )
  check(slower.length === 0, () => `slower than ${threshold} × ${compare}: ${slower.join(', ')}`)
}

/** Whether the clocks of GPU and CPU agree about work that keeps the GPU busy. */
async function hasSaneClock(row: Row): Promise<boolean> {
  const { work } = await row.prepare()
  const several = () => {
    for (let i = 0; i < 5; i++) work()
  }
  await time(several)
  return isSane(await time(several))
}

function raise(roofs: { -readonly [K in keyof Roofs]: number }, { gflopsBest, gbsBest }: Result) {
  roofs.gflops = Math.max(roofs.gflops, gflopsBest ?? 0)
  roofs.gbs = Math.max(roofs.gbs, gbsBest ?? 0)
}

function ratio(text: string): number {
  const value = Number(text)
  if (!(value > 0))
    throw new InvalidArgumentError('It must be a number above 0; 1.25 allows a quarter more.')
  return value
}
