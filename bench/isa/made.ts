/**
 * Runs rows of the benchmark and a step of each model on a card that is not there. stderr gets a
 * mark before each pipeline, stdout a line per row with the labels of the pipelines that it ran.
 * Arguments: the prefixes of the rows.
 */
import { writeSync } from 'node:fs'
import { globals } from 'webgpu'
import { shutdown } from '../../src/kernels/device.js'
import { flush } from '../../src/kernels/launch.js'
import { init, rand, scope } from '../../src/node.js'
import { openScope } from '../../src/tensor/scope.js'
import { convolutions } from '../conv.js'
import { linears } from '../linear.js'
import { matmul } from '../matmul.js'
import { type NetworkName, networks, training } from '../networks.js'
import { type Marked, mark } from './output.js'

/** What a row runs, once its inputs are there. */
interface Work {
  readonly name: string
  prepare(): Promise<{ work(): void }>
}

const batch = 128
const labels = new Map<unknown, string>()
let used: Set<string> | null = null

function watch(): void {
  const { GPUDevice, GPUComputePassEncoder } = globals as unknown as typeof globalThis
  const { createComputePipeline } = GPUDevice.prototype
  GPUDevice.prototype.createComputePipeline = function (descriptor) {
    const { label = '', compute } = descriptor
    const marked: Marked = {
      kernel: label.split(',')[0].replace(/\.\w+$/, ''),
      entry: compute.entryPoint ?? 'main',
      constants: (compute.constants ?? {}) as Record<string, number>,
      label,
    }
    writeSync(2, `\n${mark}${JSON.stringify(marked)}\n`)
    const made = createComputePipeline.call(this, descriptor)
    labels.set(made, label)
    return made
  }
  const { setPipeline } = GPUComputePassEncoder.prototype
  GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
    used?.add(labels.get(pipeline) ?? '')
    return setPipeline.call(this, pipeline)
  }
}

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

watch()
await init()
const prefixes = process.argv.slice(2)
for (const { name, prepare } of works()) {
  if (prefixes.length > 0 && !prefixes.some(prefix => name.startsWith(prefix))) continue
  const inputs = openScope()
  const { work } = await prepare()
  flush()
  used = new Set()
  scope(work)
  flush()
  console.log(JSON.stringify({ name, used: [...used] }))
  used = null
  inputs.close()
}
shutdown()
