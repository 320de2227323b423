/** Whole training steps: forward, backward, Adam. */
import { models, mseLoss, nn, rand } from '../src/node.js'
import type { Row } from './measure.js'

export function steps(): Row[] {
  return [32, 128, 1024].map(batch => ({
    name: `step/mlp/b${batch}`,
    async prepare() {
      const model = new models.MLPAutoencoder()
      const optimizer = new nn.Adam(model.parameters())
      const x = rand([batch, 784])
      const work = () => {
        optimizer.zeroGrad()
        mseLoss(model.forward(x), x).backward()
        optimizer.step()
      }
      // right if thirty steps on one batch bring the loss down; the tests hold it against PyTorch
      const before = await mseLoss(model.forward(x), x).item()
      for (let i = 0; i < 30; i++) work()
      const after = await mseLoss(model.forward(x), x).item()
      return {
        work,
        error: after / before,
        bound: 0.9,
        meaning: 'loss after 30 steps, of 1 before',
      }
    },
  }))
}
