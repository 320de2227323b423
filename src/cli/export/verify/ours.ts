/** What this engine computes with a network: outputs, gradients, and the losses of training. */
import { join } from 'node:path'
import { batches } from '../../../data/batches.js'
import { type ImageSet, pixels } from '../../../data/dataset.js'
import { DataLoader } from '../../../data/loader.js'
import type { HostTensor } from '../../../io/safetensors.js'
import { fromHost, toHost } from '../../../io/state.js'
import { saveCheckpoint } from '../../../node/checkpoint.js'
import {
  add,
  grad,
  keep,
  manualSeed,
  models,
  mseLoss,
  nn,
  noGrad,
  randn,
  scope,
  slice,
  type Tensor,
  tensor,
} from '../../../node.js'
import { makeNetwork } from '../../loaded.js'
import type { Network } from '../../networks.js'

/** How both engines are fed. */
export interface Plan {
  readonly batch: number
  readonly steps: number
  readonly lr: number
  readonly seed: number
}

export type Results = Record<string, HostTensor>

/** The inputs of a verification: x, and noise for a model that needs it. */
export function inputsOf(network: Network, set: ImageSet, plan: Plan): Record<string, Tensor> {
  manualSeed(plan.seed)
  const data = floats(network.range, set)
  const count = Math.min(16, set.count)
  const each = data.length / set.count
  const x = tensor(data.slice(0, count * each), { shape: [count, ...network.shape] })
  if (!isNoisy(network)) return { x }
  const noise = Array.from({ length: plan.steps }, (_, step): [string, Tensor] => [
    `epsilon.${step}`,
    randn([plan.batch, network.latent!]),
  ])
  return { x, epsilon: randn([count, network.latent!]), ...Object.fromEntries(noise) }
}

/** The same network with the same weights, in memory of its own. */
export async function copyOf(network: Network): Promise<Network> {
  const copy = await makeNetwork(network.name, network.options)
  const weights = fromHost(await toHost(network.model.stateDict()))
  scope(() => copy.model.loadStateDict(weights))
  return copy
}

/** Output, and the gradients of all parameters. */
export async function outcome(network: Network, inputs: Record<string, Tensor>): Promise<Results> {
  const { x, epsilon } = inputs
  const { model } = network
  const output = outputOf(network, inputs)
  const parameters = model.namedParameters()
  const gradients = grad(
    lossOf(network, x, epsilon),
    parameters.map(([, t]) => t),
  )
  const named = gradients.map((g, i): [string, Tensor] => [`gradient.${parameters[i][0]}`, g])
  return toHost({ output, ...Object.fromEntries(named) })
}

export function outputOf({ model }: Network, { x, epsilon }: Record<string, Tensor>): Tensor {
  return noGrad(() => [model.forward(x, epsilon)].flat()[0]) as Tensor
}

/**
 * Trains a network for the plan's steps. Returns the losses. In the folder `work` the training is
 * saved as `half.safetensors` after half of the steps, and as `end.safetensors`.
 */
export async function train(
  network: Network,
  set: ImageSet,
  inputs: Record<string, Tensor>,
  { plan, work }: { plan: Plan; work: string },
): Promise<number[]> {
  const parts = partsOf(network, set, plan)
  const { loader, optimizer } = parts
  const { steps } = plan
  const losses: Tensor[] = []
  while (losses.length < steps)
    for await (const { x } of loader) {
      if (losses.length === steps) break
      const noise = inputs[`epsilon.${losses.length}`]
      optimizer.zeroGrad()
      const loss = lossOf(network, x, noise && slice(noise, 0, { stop: x.shape[0] }))
      loss.backward()
      optimizer.step()
      losses.push(keep(loss.detach()))
      const name = { [steps / 2]: 'half', [steps]: 'end' }[losses.length]
      if (name) await saveCheckpoint(join(work, `${name}.safetensors`), parts)
    }
  return Promise.all(losses.map(loss => loss.item()))
}

/** A network with its optimizer and its images: all that a checkpoint has. */
export function partsOf({ model, shape, range }: Network, set: ImageSet, plan: Plan) {
  const { batch: batchSize, seed, lr } = plan
  const samples = { x: floats(range, set), shape }
  const loader = new DataLoader(samples, { batchSize, shuffle: true, seed })
  return { model, optimizer: new nn.Adam(model.parameters(), { lr }), loader }
}

/** The samples' order in the first two epochs. */
export function orders({ count }: ImageSet, { batch, seed }: Plan): Results {
  const order = (epoch: number): HostTensor => {
    const all = [...batches(count, { batchSize: batch, shuffle: true, seed, epoch })].flat()
    return { dtype: 'I32', shape: [count], data: Int32Array.from(all) }
  }
  return { 'order.0': order(0), 'order.1': order(1) }
}

/** Whether a model draws noise. */
export function isNoisy({ model }: Network): boolean {
  return model instanceof models.VariationalAutoencoder || model instanceof models.TextbookVAE
}

function lossOf(network: Network, x: Tensor, epsilon?: Tensor): Tensor {
  const { model } = network
  if (!isNoisy(network)) return network.loss(x)
  const [y, kld] = model.forward(x, epsilon) as [Tensor, Tensor]
  return add(mseLoss(y, x), kld)
}

function floats([black, white]: Network['range'], set: ImageSet): Float32Array<ArrayBuffer> {
  return pixels(set, { mean: -black / (white - black), std: 1 / (white - black) })
}
