/** `kernelgrad`: the command. */
import { Command } from 'commander'
import { doctor } from './commands/doctor.js'
import { explain } from './commands/explain.js'
import { exportNetwork } from './commands/export.js'
import { runs } from './commands/runs.js'
import { summary } from './commands/summary.js'
import { sweep } from './commands/sweep.js'
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
  kernelgrad denoise                                 pictures and a table, with pretrained weights
  kernelgrad runs                                    all runs, side by side

\`kernelgrad COMMAND --help\` says more, with examples.`,
  )

const commands = [train, runs, sweep, ...uses, summary, explain, exportNetwork, doctor]
for (const command of commands) program.addCommand(command.copyInheritedSettings(program))

await program.parseAsync()
