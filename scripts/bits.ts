/**
 * Trains the three models and prints a digest of the weights of each:
 *
 *     npm run bits                 500 steps, compared with test/fixtures/bits.json
 *     npm run bits -- --write      keeps the digests, after a change that is meant to change them
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { adapterInfo, init } from '../src/node.js'
import { kinds } from '../test/autoencoders.js'
import { ofFunctions, trained } from '../test/bits.js'

const file = new URL('../test/fixtures/bits.json', import.meta.url)
const { write } = new Command('npm run bits --')
  .description('Trains each model and compares its weights with the kept ones, byte for byte.')
  .option('--write', 'keep the digests in test/fixtures/bits.json')
  .parse()
  .opts<{ write?: true }>()

await init()
console.log(adapterInfo()?.description ?? '')
const kept = write ? {} : JSON.parse(readFileSync(file, 'utf8'))
const found: Record<string, Record<string, string>> = {}
let differ = 0
for (const kind of Object.keys(kinds)) {
  found[kind] = {}
  for (const steps of [20, 500]) {
    const digest = await trained(kind, steps)
    found[kind][steps] = digest
    const same = write || digest === kept[kind][steps]
    if (!same) differ++
    console.log(
      `${kind.padEnd(6)}${String(steps).padStart(4)} steps  ${digest}  ${same ? 'same' : 'DIFFERENT'}`,
    )
  }
}
found.functions = await ofFunctions()
for (const [name, digest] of Object.entries(found.functions)) {
  const same = write || digest === kept.functions[name]
  if (!same) differ++
  console.log(`${name.padEnd(17)}${digest}  ${same ? 'same' : 'DIFFERENT'}`)
}
if (write) writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
process.exitCode = differ > 0 ? 1 : 0
