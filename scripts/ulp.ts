/**
 * How far the elementary functions err, in units in the last place:
 *
 *     npm run ulp                          a million inputs per function
 *     npm run ulp -- --only exp,tanh       some of the functions
 *     npm run ulp -- --all                 all 2³² inputs; stopped, it goes on where it was
 */
import { existsSync, readFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { writeFileAtomic } from '../src/node/files.js'
import { adapterInfo, init } from '../src/node.js'
import { functions, type Measured } from '../test/ulp/functions.js'
import { chunk, heads, measure, nothingYet, row, sampled, type Worst } from '../test/ulp/measure.js'

interface Options {
  only: readonly string[]
  count: number
  seed: number
  all?: true
  state: string
}

const { only, count, seed, all, state } = new Command('npm run ulp --')
  .description(
    'Compares each elementary function with its value in float64. Errors are in units in the ' +
      'last place; an error above the limit makes the exit code 1.',
  )
  .option('--only <names>', 'functions whose name begins so; commas between several', list, [])
  .option('--count <n>', 'inputs per function', whole, 1 << 20)
  .option('--seed <n>', 'of the inputs', whole, 1)
  .option('--all', 'every f32 as input, for functions of one number; it takes minutes for each')
  .option('--state <file>', 'where --all keeps how far it is', '.ulp.json')
  .parse()
  .opts<Options>()

await init()
console.log(adapterInfo()?.description ?? '')
console.log(heads)
for (const each of functions) {
  if (only.length > 0 && !only.some(name => each.name.startsWith(name))) continue
  const worst = all ? await exhaustive(each) : await sampled(each, count, seed)
  if (!worst) continue
  if (worst.error > each.limit) process.exitCode = 1
  console.log(row(each, worst))
}

/** All 2³² inputs, a chunk after the other; null for a function of two numbers. */
async function exhaustive(each: Measured): Promise<Worst | null> {
  if (each.second) return null
  const key = `${adapterInfo()?.description}: ${each.name}`
  const kept = existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')) : {}
  const { from, worst } = kept[key] ?? { from: 0, worst: nothingYet() }
  const x = new Float32Array(chunk)
  const bits = new Uint32Array(x.buffer)
  const p = new Float32Array(chunk)
  for (let start = from; start < 2 ** 32; start += chunk) {
    for (let i = 0; i < chunk; i++) bits[i] = start + i
    await measure(each, x, p, worst)
    if (start % (64 * chunk) !== 0) continue
    kept[key] = { from: start + chunk, worst }
    await writeFileAtomic(state, JSON.stringify(kept))
  }
  kept[key] = { from: 2 ** 32, worst }
  await writeFileAtomic(state, JSON.stringify(kept))
  return worst
}

function list(names: string): string[] {
  return names.split(',')
}

function whole(text: string): number {
  const n = Number(text)
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('a whole number above 0')
  return n
}
