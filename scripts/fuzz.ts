/** `npm run fuzz`: random programs against float64, random trainings eager against compiled. */
import { Command, Option } from 'commander'
import { bar } from '../src/cli/bar.js'
import { whole } from '../src/cli/options.js'
import { run } from '../src/cli/run.js'
import { adapterInfo, init } from '../src/node.js'
import { fuzzLarge } from '../test/fuzz/large.js'
import { fuzzPrograms } from '../test/fuzz/programs.js'
import { soak } from '../test/fuzz/soak.js'
import { fuzzTrainings } from '../test/fuzz/trainings.js'

interface Choices {
  count: number
  seed: number
  what?: 'programs' | 'trainings' | 'large'
  seconds?: number
  soak?: number
}

const command = new Command('npm run fuzz --')
  .description(
    `Looks for defects with random programs and trainings:

  programs   values, gradients, gradients of inner tensors, gradients of
             gradients against float64; compiled runs against plain ones
  trainings  models, optimizers, schedulers, and events between the calls
             of a step: compiled and plain runs, bit by bit
  large      tensors of more than 2^24 elements; only if named

The first that fails is made smaller and printed as a program. Exit code 1.`,
  )
  .option('--count <n>', 'how many of each', whole(1), 200)
  .option('--seed <n>', 'the seed; a failure prints it', whole(0), 1)
  .option('--seconds <n>', 'ends each kind after that time', whole(1))
  .addOption(new Option('--what <kind>', 'only these').choices(['programs', 'trainings', 'large']))
  .option('--soak <steps>', 'trains for so long instead, and fails if memory has grown', whole(1))
  .action((choices: Choices) => run(stopped => fuzz(choices, stopped)))

await command.parseAsync()

async function fuzz({ count, seed, what, seconds, soak: steps }: Choices, stopped: () => unknown) {
  await init()
  console.log(`seed ${seed}, on ${adapterInfo().description}\n`)
  if (steps) return soak(steps, line => console.log(line))
  const progress = bar()
  const kinds = { programs: fuzzPrograms, trainings: fuzzTrainings, large: fuzzLarge }
  for (const [name, fuzzOf] of Object.entries(kinds)) {
    if (what ? what !== name : name === 'large') continue
    const began = performance.now()
    let done = 0
    const onRun = (nth: number) => {
      done = nth
      if (stopped()) throw new Error(`stopped by Ctrl-C after ${nth} ${name}`)
      progress.show(name, nth, count)
    }
    const counts = await fuzzOf({ seed, count, seconds, onRun }).finally(progress.stop)
    const took = ((performance.now() - began) / 1000).toFixed(0)
    console.log(`${done} ${name} in ${took} s: no defect ${JSON.stringify(counts)}`)
  }
}
