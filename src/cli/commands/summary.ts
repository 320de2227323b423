/** `kernelgrad summary`: a network's layers, outputs and parameters. */
import { Command } from 'commander'
import { init } from '../../node.js'
import { makeNetwork, openNetwork, type Wanted } from '../loaded.js'
import { whole } from '../options.js'
import { run } from '../run.js'
import { withNetwork } from './common.js'

export const summary = withNetwork(new Command('summary'))
  .description('Prints the layers of a network, their outputs and their parameters.')
  .option('--batch <n>', 'images at once', whole(1, 65_536), 1)
  .action((options: Wanted & { batch: number }) =>
    run(async () => {
      await init()
      const { run: folder, weights, model = 'mlp', latent, width } = options
      const isTrained = folder !== undefined || weights !== undefined
      const network = isTrained
        ? (await openNetwork(options)).network
        : await makeNetwork(model, { latent, width })
      console.log(`${network.title}\n`)
      console.log(network.model.summary([options.batch, ...network.shape]))
    }),
  )
