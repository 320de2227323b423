/** A training that goes on by one step at a time, with learning rate, noise and β to turn meanwhile. */
import {
  add,
  type CompiledStep,
  compile,
  manualSeed,
  mseLoss,
  mul,
  nn,
  randn,
  scope,
  type Tensor,
  tensor,
} from '../../../src/index.js'
import { floats, type Images, pixelsPerImage } from './images.js'
import { makeNetwork, type Network } from './network.js'
import { batch, type Knobs, type OptimizerName, type Settings } from './settings.js'

/** Means of the steps since they were last read. kld is null where the model has none. */
export interface Losses {
  /** What is minimised:  reconstruction + β kld. */
  readonly loss: number
  /** Mean squared error per pixel, in the model's own range. */
  readonly reconstruction: number
  /** Kullback–Leibler divergence from N(0, 1), in nats per pixel. */
  readonly kld: number | null
}

export class Training {
  readonly network: Network
  steps = 0
  private readonly optimizer: nn.Optimizer
  private readonly meters = [new nn.Meter(), new nn.Meter(), new nn.Meter()]
  private readonly learn: CompiledStep<Tensor[], void>
  private readonly learnWithNoise: CompiledStep<Tensor[], void>

  /** Weights and all random numbers depend on the seed alone. */
  constructor(
    settings: Settings,
    private readonly images: Images,
    seed = 1,
  ) {
    manualSeed(seed)
    this.knobs = settings
    this.network = makeNetwork(settings)
    this.optimizer = optimizerOf(settings.optimizer, this.network.model.parameters(), settings.lr)
    this.learn = compile((x, beta) => this.trainOn(x, x, beta))
    this.learnWithNoise = compile((x, beta, noise) =>
      this.trainOn(add(x, mul(randn(x.shape), noise)), x, beta),
    )
  }

  knobs: Knobs

  /** Queues one step on the next images of the set. */
  step(): void {
    const { lr, noise, beta } = this.knobs
    this.optimizer.groups[0].lr = lr
    const first = this.steps++ * batch
    const indices = Array.from({ length: batch }, (_, k) => (first + k) % this.images.count)
    scope(() => {
      const x = tensor(floats(this.images, indices), { shape: [batch, pixelsPerImage] })
      if (noise > 0) this.learnWithNoise(x, tensor(beta), tensor(noise))
      else this.learn(x, tensor(beta))
    })
  }

  async losses(): Promise<Losses> {
    const [loss, reconstruction, kld] = await Promise.all(this.meters.map(meter => meter.take()))
    return { loss, reconstruction, kld: Number.isNaN(kld) ? null : kld }
  }

  dispose(): void {
    this.learn.dispose()
    this.learnWithNoise.dispose()
    for (const one of [...this.meters, ...this.network.model.parameters()]) one.dispose()
  }

  private trainOn(x: Tensor, target: Tensor, beta: Tensor): void {
    this.optimizer.zeroGrad()
    const { output, kld } = this.network.learn(x)
    const reconstruction = mseLoss(output, this.network.own(target))
    const loss = kld ? add(reconstruction, mul(kld, beta)) : reconstruction
    loss.backward()
    this.optimizer.step()
    for (const [i, value] of [loss, reconstruction, kld].entries())
      if (value) this.meters[i].add(value)
  }
}

function optimizerOf(name: OptimizerName, parameters: Tensor[], lr: number): nn.Optimizer {
  if (name === 'sgd') return new nn.SGD(parameters, { lr, momentum: 0.9 })
  if (name === 'rmsprop') return new nn.RMSprop(parameters, { lr })
  return new nn.Adam(parameters, { lr })
}
