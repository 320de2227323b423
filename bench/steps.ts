/** Whole training steps: forward, backward, Adam. */
import { add, models, mseLoss, nn, rand, type Tensor } from '../src/node.js'
import type { Row } from './measure.js'

const networks: Record<string, () => { model: nn.Module<unknown>; loss(x: Tensor): Tensor }> = {
  mlp() {
    const model = new models.MLPAutoencoder()
    return {
      model,
      loss(x) {
        const flat = x.flatten(1)
        return mseLoss(model.forward(flat), flat)
      },
    }
  },
  conv() {
    const model = new models.ConvAutoencoder()
    return { model, loss: x => mseLoss(model.forward(x), x) }
  },
  vae() {
    const model = new models.VariationalAutoencoder()
    return {
      model,
      loss(x) {
        const [y, kld] = model.forward(x)
        return add(mseLoss(y, x), kld)
      },
    }
  },
}

export function steps(): Row[] {
  return Object.entries(networks).flatMap(([name, network]) =>
    [32, 128, 1024].map(batch => ({
      name: `step/${name}/b${batch}`,
      async prepare() {
        const { model, loss } = network()
        const optimizer = new nn.Adam(model.parameters())
        const x = rand([batch, 1, 28, 28])
        const work = () => {
          optimizer.zeroGrad()
          loss(x).backward()
          optimizer.step()
        }
        // right if thirty steps on one batch bring the loss down; the tests hold it against PyTorch
        const before = await loss(x).item()
        for (let i = 0; i < 30; i++) work()
        const after = await loss(x).item()
        return {
          work,
          error: after / before,
          bound: 0.95,
          meaning: 'loss after 30 steps, of 1 before',
        }
      },
    })),
  )
}
