/** `npm run rivals`: the same training steps in other engines, on the same machine in one run. */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { run, type Stopped } from '../../src/cli/run.js'
import { contest, type Row } from './contest.js'
import { engines } from './contestant.js'
import { install } from './install.js'
import { models } from './networks.js'
import { writeProblem } from './problem.js'

interface Choices {
  model: (typeof models)[number][]
  batch: number[]
  engine: (typeof engines)[number][]
  rounds: number
  threads: number
  json?: boolean
  eager?: boolean
  asTheyCome?: boolean
  diskCache: boolean
}

new Command('npm run rivals --')
  .description('Times training steps of other engines beside kernelgrad, once their losses agree.')
  .option('--model <names>', `of ${models}`, among(models), [...models])
  .option('--batch <sizes>', 'pictures in a step', wholes, [32, 128, 1024])
  .option('--engine <names>', `of ${engines}`, among(engines), [...engines])
  .option('--rounds <n>', 'turns that each engine has', whole, 7)
  .option('--threads <n>', 'for engines on the CPU', whole, availableParallelism())
  .option('--eager', "kernelgrad's eager step even where it can compile")
  .option('--as-they-come', "rivals wait for the GPU as Dawn has it, without kernelgrad's naps")
  .option('--no-disk-cache', "without the driver's cache of compiled shaders (Mesa)")
  .option('--json', 'one object a line instead of tables')
  .action((choices: Choices) => run(stopped => compete(choices, stopped)))
  .parse()

async function compete(choices: Choices, stopped: Stopped): Promise<void> {
  install()
  const env = {
    ...(choices.eager && { RIVALS_EAGER: '1' }),
    ...(!choices.diskCache && { MESA_SHADER_CACHE_DISABLE: 'true' }),
  }
  const folder = await mkdtemp(join(tmpdir(), 'rivals-'))
  try {
    const seen = new Map<string, string>()
    for (const model of choices.model) {
      for (const batch of choices.batch) {
        if (stopped()) throw new Error(`stopped by ${stopped()}; the rows above stand`)
        const file = join(folder, `${model}-b${batch}.safetensors`)
        await writeProblem(file, model, batch)
        const rows = await contest({ model, batch, file }, choices.engine, { ...choices, env })
        for (const row of rows) {
          console.log(choices.json ? JSON.stringify(row) : line(row))
          if (row.version) seen.set(row.engine, about(row))
        }
        if (!choices.json) console.log()
      }
    }
    if (!choices.json) console.log([...seen.values()].join('\n'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function line({ name, ms, msMin, coldFirstStepMs, loss, ratio, error, apart }: Row): string {
  if (error) return `${name.padEnd(28)} ${error}`
  const number = (n: number) => n.toFixed(2).padStart(9)
  const times = ratio === undefined ? '' : `${number(ratio)} ×`
  const cold = `cold ${(coldFirstStepMs! / 1e3).toFixed(1)} s   loss ${loss!.toFixed(6)}`
  const time = `${number(ms!)} ms (best${number(msMin!)})${times}`
  return `${name.padEnd(28)}${time}   ${cold}${apart ? `\n  ${apart}` : ''}`
}

function about({ engine, version, adapter, notes }: Row): string {
  return `${engine}: ${[version, adapter, ...notes!].join('; ')}`
}

function among<T extends string>(all: readonly T[]) {
  return (text: string): T[] => {
    const names = text.split(',')
    const strange = names.find(name => !(all as readonly string[]).includes(name))
    if (strange !== undefined) throw new InvalidArgumentError(`'${strange}' is none of ${all}`)
    return all.filter(name => names.includes(name))
  }
}

function whole(text: string): number {
  const n = Number(text)
  if (!Number.isSafeInteger(n) || n < 1)
    throw new InvalidArgumentError('it is a whole number from 1')
  return n
}

function wholes(text: string): number[] {
  return text.split(',').map(whole)
}
