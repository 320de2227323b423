/** Compares this engine with PyTorch on an exported network. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ImageSet } from '../../../data/dataset.js'
import { decodePt } from '../../../io/pt.js'
import { fromHost, toHost } from '../../../io/state.js'
import { loadSafetensors, saveSafetensors } from '../../../node/files.js'
import { scope, type Tensor } from '../../../node.js'
import { makeNetwork } from '../../loaded.js'
import { choices, type Network, type NetworkName } from '../../networks.js'
import { runPython } from '../python.js'
import { verifyScript } from '../torch/verify.py.js'
import { boundsOf } from './bounds.js'
import {
  copyOf,
  inputsOf,
  orders,
  outcome,
  outputOf,
  type Plan,
  type Results,
  train,
} from './ours.js'
import { compareProcesses, compareResumed } from './processes.js'
import { largest, type Row, relative } from './table.js'

/**
 * Compares outputs, gradients, the order of the samples, the losses of 20 steps of training, the
 * way of weights to PyTorch and back, and training in two processes with one at twice the batch.
 * @param folder that `exportTorch` wrote for this network and these images
 */
export async function verifyTorch(
  python: string,
  folder: string,
  { network, set, seed }: { network: Network; set: ImageSet; seed: number },
): Promise<Row[]> {
  const batch = Math.min(choices[network.name as NetworkName].batch, set.count)
  const plan: Plan = { batch, steps: 20, lr: 1e-3, seed }
  const work = await mkdtemp(join(tmpdir(), 'kernelgrad-verify-'))
  try {
    const inputs = inputsOf(network, set, plan)
    await writeFile(join(work, 'verify.py'), verifyScript)
    await saveSafetensors(join(work, 'given.safetensors'), await toHost(inputs), {
      about: JSON.stringify(plan),
    })
    const run = (...args: string[]) =>
      runPython(python, ['verify.py', resolve(folder), ...args], { cwd: work })
    await run()
    const { tensors: theirs } = await loadSafetensors(join(work, 'results.safetensors'))
    const first = compare(await outcome(network, inputs), theirs, orders(set, plan))
    const copy = await copyOf(network)
    const losses = await train(copy, set, inputs, { plan, work })
    const bounds = boundsOf(theirs)
    const both = { python, folder: resolve(folder), work, plan, bounds }
    return [
      ...first,
      {
        what: 'losses of 20 steps',
        difference: largest(losses, theirs.losses?.data),
        bound: bounds.losses,
      },
      ...(await roundTrip(work, network, inputs, theirs, run)),
      ...(await compareResumed(copy, set, both)),
      ...(await compareProcesses(both)),
    ]
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

function compare(ours: Results, theirs: Results, order: Results): Row[] {
  const gradients = Object.entries(ours).filter(([name]) => name.startsWith('gradient.'))
  const most = (rows: readonly number[]) => Math.max(...rows)
  return [
    {
      what: 'outputs',
      difference: largest(ours.output.data, theirs.output?.data),
      bound: 1e-5,
    },
    {
      what: 'gradients, relative to the largest',
      difference: most(
        gradients.map(([name, { data }]) => relative(numbers(data), numbers(theirs[name]?.data))),
      ),
      bound: 1e-4,
    },
    {
      what: 'order of the samples',
      difference: most(
        Object.entries(order).map(([name, { data }]) => largest(data, theirs[name]?.data)),
      ),
      bound: 0,
    },
  ]
}

const numbers = (data: unknown) => data as Float32Array

/** PyTorch's weights after its training, read here from its .pt file, and given back. */
async function roundTrip(
  work: string,
  network: Network,
  inputs: Record<string, Tensor>,
  theirs: Results,
  run: (weights: string) => Promise<void>,
): Promise<Row[]> {
  const bytes = await readFile(join(work, 'trained.pt'))
  const { tensors } = await decodePt(bytes, 'trained.pt', { prefix: 'model' })
  const trained = await makeNetwork(network.name, network.options)
  scope(() => trained.model.loadStateDict(fromHost(tensors)))
  const here = await outputOf(trained, inputs).data()
  const back = 'back.safetensors'
  await saveSafetensors(join(work, back), await toHost(trained.model.stateDict()))
  await run(back)
  const { tensors: results } = await loadSafetensors(join(work, 'back-results.safetensors'))
  const { data } = theirs.trained
  return [
    { what: 'weights from .pt: outputs', difference: largest(here, data), bound: 1e-5 },
    { what: 'and back: outputs', difference: largest(results.output?.data, data), bound: 0 },
  ]
}
