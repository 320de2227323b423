/** `npm run gradcheck`: every op and layer against float64; random shapes, strides and options. */
import { Command } from 'commander'
import { bar } from '../src/cli/bar.js'
import { list, whole } from '../src/cli/options.js'
import { run } from '../src/cli/run.js'
import { adapterInfo, init } from '../src/node.js'
import { gradcheck } from '../test/ops/gradcheck.js'
import { subjects } from '../test/ops/suite.js'
import { checkNames } from './names.js'

interface Choices {
  op?: string[]
  seed: number
  cases: number
  case?: number
}

const command = new Command('npm run gradcheck --')
  .description(
    `Checks every op and layer against float64:

  forward    each element against plain loops
  gradient   ⟨v, Jᵀu⟩ by the kernels against central differences
  adjoint    ⟨A x, u⟩ = ⟨x, Aᵀu⟩, if the op is linear
  second     the gradient of the gradient against second differences

on the cases of its row in test/ops, and on random cases: shapes, options,
and how the inputs lie in memory. Exit code 1 if an error is above its bound
(test/ops/tolerance.ts has the bounds, with reasons).`,
  )
  .option('--op <names>', 'only these ops or layers, separated by commas', list)
  .option('--seed <n>', 'the seed of the random cases and values', whole(0), 1)
  .option('--cases <n>', 'how many random cases per op, beside its own', whole(0), 30)
  .option('--case <n>', 'only this case, by the number that a failure prints', whole(0))
  .action((choices: Choices) => run(stopped => check(choices, stopped)))

await command.parseAsync()

async function check({ op, seed, cases, case: nth }: Choices, stopped: () => unknown) {
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
