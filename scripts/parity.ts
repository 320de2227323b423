/** `npm run parity -- DIR`: compares this library with a folder of PyTorch's results. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { bar } from '../src/cli/bar.js'
import { list } from '../src/cli/options.js'
import { run } from '../src/cli/run.js'
import { parity } from '../test/goldens/parity.js'

interface Choices {
  op?: string[]
  case?: string[]
  mnist?: string
  verbose?: boolean
}

const command = new Command('npm run parity --')
  .description(
    `Runs every case of every *.safetensors file of a folder in the goldens format:
PyTorch's outputs and gradients in float64, and the error of PyTorch's own
float32. A result may differ by eight times that error, plus 2e-6 of the
largest element. Exit code 1 if a case fails or cannot be run.`,
  )
  .argument('<folder>', 'where the files are')
  .option('--op <names>', 'only these ops, by their names in the files, separated by commas', list)
  .option('--case <names>', 'only these cases, separated by commas', list)
  .option(
    '--mnist <folder>',
    'MNIST, whose test images the models need (default: a folder mnist nearby)',
  )
  .option('--verbose', 'one line per case')
  .action((folder: string, choices: Choices) => run(stopped => compare(folder, choices, stopped)))

await command.parseAsync()

async function compare(folder: string, choices: Choices, stopped: () => unknown): Promise<void> {
  const { op: ops, case: cases, mnist, verbose } = choices
  if (existsSync(join(folder, 'training.json')))
    console.log(
      'training.json holds learning curves, no cases: `npm start -- --data mnist` trains.\n',
    )
  const progress = bar()
  const holds = await parity(folder, {
    ops,
    cases,
    mnist,
    verbose,
    stopped,
    onFile: progress.show,
    print: lines => progress.aside(() => console.log(lines)),
  }).finally(progress.stop)
  if (!holds) process.exitCode = 1
}
