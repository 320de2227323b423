/** The training loop. */
import { DataLoader } from '../data/loader.js'
import { compile, mseLoss, nn, noGrad, type Tensor } from '../index.js'
import { check } from '../kernels/check.js'
import type { Network } from './networks.js'

export interface Plan {
  epochs: number
  batch: number
  adam: nn.AdamOptions
  seed: number
  /** Whether to compute every step anew, instead of recording one and replaying it. */
  eager: boolean
  /** Called before every step; unless it is null, the training ends there. */
  stopped(): string | null
  /**
   * Called after each step. Each tenth has `loss`, the mean since the last: reading it takes time.
   */
  onStep(done: { step: number; images: number; loss?: number }): void
  /** Called after each epoch, which ends when this does. */
  onEpoch(done: { epoch: number; step: number; testError: number }): Promise<void>
}

/**
 * Trains on pixels, image after image. Returns false if it was stopped.
 * @throws Error when a loss, or a test error is not finite
 */
export async function train(
  network: Network,
  pixels: { train: Float32Array; test: Float32Array },
  { epochs, batch, adam, seed, eager, stopped, onStep, onEpoch }: Plan,
): Promise<boolean> {
  const { model, shape } = network
  const loader = new DataLoader(
    { x: pixels.train, shape },
    { batchSize: batch, shuffle: true, seed },
  )
  const optimizer = new nn.Adam(model.parameters(), adam)
  const losses = new nn.Meter()
  const trainOn = compile(
    (x: Tensor) => {
      optimizer.zeroGrad()
      const loss = network.loss(x)
      loss.backward()
      optimizer.step()
      losses.add(loss, x.shape[0])
    },
    { enabled: !eager },
  )
  let step = 0
  for (let epoch = 1; epoch <= epochs; epoch++) {
    model.train()
    for await (const { x } of loader) {
      if (stopped()) return false
      trainOn(x)
      step++
      const read = step % 10 === 1 || step === epochs * loader.length
      const loss = read ? await losses.take() : undefined
      if (loss !== undefined) checkFinite('loss', loss, epoch)
      onStep({ step, images: x.shape[0], loss })
    }
    const testError = await evaluate(network, pixels.test)
    checkFinite('test error', testError, epoch)
    await onEpoch({ epoch, step, testError })
  }
  return true
}

function checkFinite(what: string, value: number, epoch: number): void {
  check(
    Number.isFinite(value),
    () => `the ${what} is ${value} in epoch ${epoch}; a smaller --lr may help`,
  )
}

/** The mean squared error of the reconstruction over all pixels of all images. */
export async function evaluate(network: Network, pixels: Float32Array): Promise<number> {
  const { model, shape } = network
  model.eval()
  let total = 0
  for await (const { x } of new DataLoader({ x: pixels, shape }, { batchSize: 500 })) {
    const loss = noGrad(() => mseLoss(network.reconstruct(x), x))
    total += (await loss.item()) * x.size
  }
  return total / pixels.length
}
