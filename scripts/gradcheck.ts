/** `npm run gradcheck`: every op and layer against float64, on shapes, strides and options made at random. */
import { Command } from 'commander'
import { run } from '../src/cli/run.js'
import { adapterInfo, init } from '../src/node.js'
import { gradcheck } from '../test/ops/gradcheck.js'
import { subjects } from '../test/ops/suite.js'
import { bar } from './bar.js'
import { checkNames } from './nearest.js'
import { list, whole } from './options.js'

interface Choices {
  op?: string[]
  seed: number
  cases: number
  case?: number
}

const command = new Command('npm run gradcheck --')
  .description(
    `Holds every op and layer against float64:

  forward    each element against plain loops
  gradient   ⟨v, Jᵀu⟩ by the kernels against central differences
  adjoint    ⟨A x, u⟩ = ⟨x, Aᵀu⟩, where the op is linear
  second     the gradient of the gradient against second differences

on the cases of its row in test/ops, and on others made at random: shapes,
options, and how the inputs lie in memory. Exit code 1 if an error is beyond
its bound (test/ops/tolerance.ts says which are allowed, and why).`,
  )
  .option('--op <names>', 'these ops or layers alone, separated by commas', list)
  .option('--seed <n>', 'what cases and values are drawn from', whole(0), 1)
  .option('--cases <n>', 'how many to make at random for each, beside its own', whole(0), 30)
  .option('--case <n>', 'this case alone, by the number that a failure names', whole(0))
  .action((choices: Choices) => run(stopped => check(choices, stopped)))

await command.parseAsync()

async function check({ op, seed, cases, case: nth }: Choices, stopped: () => boolean) {
  const names = subjects.map(({ name }) => name)
  if (op) checkNames(op, { among: names, kind: 'op or layer' })
  const wanted = subjects.filter(({ name }) => op?.includes(name) ?? true)
  await init()
  console.log(`seed ${seed}, on ${adapterInfo().description}\n`)
  const progress = bar()
  const holds = await gradcheck(wanted, {
    seed,
    generated: cases,
    nth,
    stopped,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    onSubject: progress.show,
    print: lines => progress.aside(() => console.log(lines)),
  }).finally(progress.stop)
  if (!holds) process.exitCode = 1
}
