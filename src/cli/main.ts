/** `kernelgrad`: the command. */
import { Command } from 'commander'
import { exportNetwork } from './commands/export.js'
import { summary } from './commands/summary.js'
import { train } from './commands/train.js'
import { uses } from './commands/uses.js'
import { version } from './version.js'

const program = new Command('kernelgrad')
  .description('Trains autoencoders on WebGPU, and uses them: to denoise, see, generate, compress.')
  .version(version)
  .showSuggestionAfterError()
  .configureHelp({ helpWidth: Math.min(100, process.stdout.columns || 100) })
  .addHelpText(
    'after',
    `
Examples:
  kernelgrad train --model mlp --data digits         trains, and says where the run is
  kernelgrad train --resume runs/mlp-digits-1        goes on where it was stopped
  kernelgrad denoise --model conv                    pictures and a table, with pretrained weights
  kernelgrad runs                                    all runs, side by side

\`kernelgrad COMMAND --help\` says more, with examples.`,
  )

for (const command of [train, ...uses, summary, exportNetwork]) program.addCommand(command)

await program.parseAsync()
