/**
 * Runs rows of the benchmark and a step of each model on a card that is not there. stderr gets a
 * mark before each pipeline, stdout a line per row with the labels of the pipelines that it ran.
 * Arguments: the prefixes of the rows.
 */
import { shutdown } from '../../src/kernels/device.js'
import { flush } from '../../src/kernels/launch.js'
import { caughtUp } from '../../src/kernels/order.js'
import { init, rand, scope } from '../../src/node.js'
import { openScope } from '../../src/tensor/scope.js'
import { convolutions } from '../conv.js'
import { linears } from '../linear.js'
import { matmul } from '../matmul.js'
import { type NetworkName, networks, training } from '../networks.js'
import { skipReferences } from '../reference.js'
import { namesOf, takeUsed, watch } from './watch.js'

/** What a row runs, once its inputs are there. */
interface Work {
  readonly name: string
  prepare(): Promise<{ work(): void }>
}

const batch = 128

function works(): Work[] {
  const steps = (Object.keys(networks) as NetworkName[]).map(network => ({
    name: `step/${network}/b${batch}`,
    async prepare() {
      const x = rand([batch, 1, 28, 28])
      const { step } = training(network, 'eager')
      return { work: () => void step(x) }
    },
  }))
  return [...matmul(), ...linears(), ...convolutions(), ...steps]
}

watch(namesOf)
skipReferences()
await init()
const prefixes = process.argv.slice(2)
for (const { name, prepare } of works()) {
  if (prefixes.length > 0 && !prefixes.some(prefix => name.startsWith(prefix))) continue
  const inputs = openScope()
  const { work } = await prepare()
  flush()
  await caughtUp()
  takeUsed()
  scope(work)
  flush()
  await caughtUp() // launches wait until their pipelines are compiled
  console.log(JSON.stringify({ name, used: takeUsed() }))
  inputs.close()
}
shutdown()
