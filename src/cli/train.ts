/** The training loop, with nothing around it. */
import { DataLoader } from '../data/loader.js'
import { mseLoss, nn, noGrad } from '../index.js'

export interface Plan {
  epochs: number
  batch: number
  adam: nn.AdamOptions
  seed: number
  /** Asked before every step; true ends the training there. */
  stopped(): boolean
  /** Told after each step; `loss` only on every tenth, since reading it means waiting for the GPU. */
  onStep(done: { step: number; images: number; loss?: number }): void
  /** Told after each epoch. */
  onEpoch(done: { epoch: number; step: number; testLoss: number }): void
}

/** Trains an autoencoder on pixels [n · 784]. Returns false when it was stopped on the way. */
export async function train(
  model: nn.Module,
  pixels: { train: Float32Array; test: Float32Array },
  { epochs, batch, adam, seed, stopped, onStep, onEpoch }: Plan,
): Promise<boolean> {
  const loader = new DataLoader(
    { x: pixels.train, shape: [784] },
    { batchSize: batch, shuffle: true, seed },
  )
  const optimizer = new nn.Adam(model.parameters(), adam)
  let step = 0
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for await (const { x } of loader) {
      if (stopped()) return false
      optimizer.zeroGrad()
      const loss = mseLoss(model.forward(x), x)
      loss.backward()
      optimizer.step()
      step++
      const read = step % 10 === 1 || step === epochs * loader.length
      onStep({ step, images: x.shape[0], loss: read ? await loss.item() : undefined })
    }
    onEpoch({ epoch, step, testLoss: await evaluate(model, pixels.test) })
  }
  return true
}

/** Mean squared error over all pixels of all images, without recording gradients. */
export async function evaluate(model: nn.Module, pixels: Float32Array): Promise<number> {
  let total = 0
  for await (const { x } of new DataLoader({ x: pixels, shape: [784] }, { batchSize: 500 })) {
    const loss = noGrad(() => mseLoss(model.forward(x), x))
    total += (await loss.item()) * x.size
  }
  return total / pixels.length
}
