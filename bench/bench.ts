/** `npm run bench`: how fast each kernel is here, after a check that it is right. */
import { Command } from 'commander'
import { run } from '../src/cli/run.js'
import { adapterInfo, init, isSoftware } from '../src/node.js'
import { convolutions } from './conv.js'
import { elementwise } from './elementwise.js'
import { matmul } from './matmul.js'
import { measure, type Row } from './measure.js'
import { steps } from './steps.js'

const suites = { matmul, convolutions, elementwise, steps }

new Command('npm run bench --')
  .description('Times the kernels on this machine: medians of repeated runs, each checked first.')
  .option('--only <prefix>', 'only rows whose name begins so', '')
  .option('--json', 'one object a line instead of a table')
  .action((choices: { only: string; json?: boolean }) => run(stopped => bench(choices, stopped)))
  .parse()

async function bench(
  { only, json }: { only: string; json?: boolean },
  stopped: () => boolean,
): Promise<void> {
  await init()
  const { description, vendor } = adapterInfo()
  const adapter = description || vendor
  if (!json) console.log(`${adapter}${isSoftware() ? ': a software adapter, on the CPU' : ''}\n`)
  const rows = Object.values(suites)
    .flatMap(suite => suite())
    .filter(row => row.name.startsWith(only))
  if (rows.length === 0) throw new Error(`--only ${only}: no row's name begins so`)
  for (const row of rows) {
    if (stopped()) throw new Error('stopped by Ctrl-C; the rows above stand')
    const result = await measure(row)
    console.log(json ? JSON.stringify({ ...result, adapter }) : line(row, result))
  }
}

function line(
  row: Row,
  { ms, msMin, dispatches, rate, error, meaning }: Awaited<ReturnType<typeof measure>>,
): string {
  const speed = rate === undefined ? '' : `${rate.toFixed(2).padStart(9)} ${row.unit}`
  return `${row.name.padEnd(34)} ${ms.toFixed(3).padStart(9)} ms (best ${msMin.toFixed(3)}) ${speed.padStart(17)} ${String(dispatches).padStart(4)} dispatches   ${meaning} ${error.toPrecision(2)}`
}
