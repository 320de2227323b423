/** A training in memory: network, optimizer, schedule, and one step of it. */
import { DeviceImages } from '../../data/deviceimages.js'
import type { Stateful } from '../../io/checkpoint.js'
import { check } from '../../kernels/check.js'
import { type CompiledStep, compile, manualSeed, nn, type Tensor } from '../../node.js'
import type { Sets } from '../images.js'
import { type Network, scaleOf } from '../network.js'
import { addNoise, parseNoise } from '../noise.js'
import { list } from '../options.js'
import { giveWeights, readWeights } from '../weightsfile.js'
import type { Config } from './config.js'
import { scheduleOf } from './schedule.js'

export interface Session {
  readonly network: Network
  readonly train: DeviceImages
  readonly test: DeviceImages
  readonly optimizer: nn.Adam
  /** The mean loss of the steps since it was last read. */
  readonly losses: nn.Meter
  /** Steps in an epoch. */
  readonly length: number
  /** Trains on the images of these positions. */
  step(index: Tensor): void
  /** Images as the network is to see them, with noise if the training has some. */
  disturb(x: Tensor): Tensor
  /** All that must be saved to go on, beside the random stream. */
  readonly parts: Readonly<Record<string, Stateful>>
}

/**
 * Makes a training. Weights and the random stream depend on the seed alone.
 * @throws Error when a setting does not fit the model
 */
export async function makeSession(
  config: Config,
  sets: Sets,
  make: () => Promise<Network>,
): Promise<Session> {
  const { batch, lr, clip, weightDecay, schedule, seed, epochs, eager } = config
  manualSeed(seed)
  const network = await make()
  const { model, range, shape } = network
  if (config.init !== null) giveWeights(model, await readWeights(config.init), config.init)
  for (const pattern of list(config.freeze ?? '')) nn.freeze(model, pattern)
  const as = { ...scaleOf(network), shape }
  const train = new DeviceImages(sets.trainSet, as)
  const test = new DeviceImages(sets.testSet, as)
  const parameters = model.parameters()
  check(
    parameters.length > 0,
    () => `--freeze ${config.freeze}: nothing is left to train; freeze less`,
  )
  const optimizer = weightDecay
    ? new nn.AdamW(parameters, { lr, weightDecay })
    : new nn.Adam(parameters, { lr })
  const length = Math.ceil(train.count / batch)
  const scheduler = scheduleOf(schedule, optimizer, { lr, steps: epochs * length })
  const losses = new nn.Meter()
  const noise = config.noise === null ? null : parseNoise(config.noise)
  const disturb = (x: Tensor) => (noise ? addNoise(x, noise, range) : x)
  const trainOn: CompiledStep<[Tensor], void> = compile(
    (index: Tensor) => {
      optimizer.zeroGrad()
      const x = train.take(index)
      const loss = network.loss(disturb(x), x)
      loss.backward()
      if (clip !== null) nn.clipGradNorm(parameters, clip)
      optimizer.step()
      losses.add(loss, index.size)
    },
    { enabled: !eager },
  )
  return {
    network,
    train,
    test,
    optimizer,
    losses,
    length,
    step(index) {
      trainOn(index)
      scheduler?.step()
    },
    disturb,
    parts: { model, optimizer, ...(scheduler && { scheduler }) } as Record<string, Stateful>,
  }
}
