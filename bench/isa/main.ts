/** `npm run isa`: what the compiler of a real graphics card makes of the kernels, without a card. */
import { Command } from 'commander'
import { list } from '../../src/cli/options.js'
import { run } from '../../src/cli/run.js'
import { check } from '../../src/kernels/check.js'
import { install } from '../rivals/install.js'
import { hostTimes, pipelinesOn, rivals, rivalsPipelinesOn, type Used } from './child.js'
import { readResults, worse } from './compare.js'
import { assumedTrips } from './loops.js'
import { onPaper, type Step, stepOf } from './onpaper.js'
import { heading, type IsaResult, line, resultOf } from './result.js'
import { behind, sideBySide } from './sidebyside.js'

interface Choices {
  card: string[]
  only: string[]
  json: boolean
  compare?: string
  asm?: string
  rivals: boolean
  host: boolean
  step?: Step
}

const unknown = `These are bounds, not times: nothing runs. A kernel reaches at most fma/valu of the
rate at which the card issues multiply-adds. What is not known: how long memory takes, whether waves
hide that, how often a loop runs (a loop inside of another counts ${assumedTrips} times), and what
other vendors' compilers do.`

new Command('npm run isa --')
  .description(
    'Compiles the kernels of the benchmark (matmul, linear, conv) and of a step of\n' +
      'each model with the real compiler of an AMD card, on a card that is not there,\n' +
      'with the variants that such a card gets. A line per pipeline, of the loop that\n' +
      'does most of its multiply-adds. KERNELGRAD_VARIANTS=matmul=register compiles\n' +
      'another variant.',
  )
  .option('--card <names>', "families as Mesa's RADV names them; commas between several", list, [
    'navi31',
    'navi21',
  ])
  .option('--only <prefixes>', 'only rows whose name begins so; commas between several', list, [])
  .option('--json', 'one object per line instead of a table', false)
  .option('--compare <file>', 'exit code 1 if a kernel spills newly or lost a tenth of fma/valu')
  .option('--asm <kernel>', 'print the assembly of the pipelines of this kernel, as matmul/tiled')
  .option('--rivals', "beside them tfjs's and jax-js's kernels for the same work", false)
  .option('--host', 'milliseconds per training step, when the GPU costs nothing', false)
  .option('--step <network/batch>', 'what the card allows per launch: mlp/b128, vae/b32, …', stepOf)
  .action((choices: Choices) => run(() => task(choices)))
  .parse()

function task(choices: Choices): Promise<void> {
  if (choices.step) return onPaper(choices.step, choices)
  return choices.host ? host(choices) : isa(choices)
}

async function isa({ card, only, json, compare, asm, ...choices }: Choices): Promise<void> {
  const before = compare ? readResults(compare) : []
  if (choices.rivals) install()
  const all: IsaResult[] = []
  for (const name of card) {
    const pipelines = await pipelinesOn(name, only)
    check(
      pipelines.length > 0,
      () => `--only ${only.join(',')}: no row of matmul, linear, conv or step begins so`,
    )
    if (choices.rivals)
      for (const rival of rivals) pipelines.push(...(await rivalsPipelinesOn(name, rival, only)))
    const results = pipelines.map(resultOf)
    all.push(...results)
    if (asm) print(pipelines, asm)
    else if (json) for (const result of results) console.log(JSON.stringify(result))
    else {
      const lines = choices.rivals ? sideBySide(results) : results.map(line)
      console.log([name, heading, ...lines, ''].join('\n'))
    }
    if (choices.rivals && !json && !asm) console.log([...verdict(results), ''].join('\n'))
  }
  if (!json && !asm) console.log(unknown)
  const losses = compare ? worse(all, before, only) : []
  check(losses.length === 0, () => `worse than ${compare}:\n${losses.join('\n')}`)
}

function verdict(results: readonly IsaResult[]): string[] {
  const rows = behind(results)
  if (rows.length === 0) return ['In no row has a rival more fma/valu than kernelgrad.']
  return ['Rows in which a rival has more fma/valu (the weakest kernels count):', ...rows]
}

function print(pipelines: readonly Used[], kernel: string): void {
  const found = pipelines.filter(one => one.label.startsWith(kernel))
  const known = [...new Set(pipelines.map(one => one.kernel))].join(', ')
  check(found.length > 0, () => `--asm ${kernel}: no such kernel among ${known}`)
  for (const { card, label, assembly } of found) console.log(`; ${card}: ${label}\n${assembly}\n`)
}

async function host({ card, json }: Choices): Promise<void> {
  for (const name of card) {
    if (!json) console.log(`${name}: ms per step, batch 128; medians of 100-step chains`)
    for (const time of await hostTimes(name)) {
      const [ms, best, cpu] = [time.ms, time.best, time.cpu].map(x => x.toFixed(3))
      const words = `${time.name.padEnd(28)} ${ms}  best ${best}  processor time ${cpu}`
      console.log(json ? JSON.stringify({ ...time, card: name }) : words)
    }
  }
}
