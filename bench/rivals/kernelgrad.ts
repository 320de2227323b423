/** kernelgrad itself: the compiled step, or with RIVALS_EAGER the eager one. */
import { readFileSync } from 'node:fs'
import { sync } from '../../src/kernels/transfer.js'
import {
  adapterInfo,
  add,
  compile,
  init,
  models,
  mseLoss,
  nn,
  scope,
  type Tensor,
  tensor,
} from '../../src/node.js'
import type { Engine, Trainer } from './engine.js'
import type { ModelName } from './networks.js'
import type { Problem } from './problem.js'

type Step = (x: Tensor, epsilon: Tensor) => Tensor

const isEager = Boolean(process.env.RIVALS_EAGER)

const networks: Record<ModelName, () => { model: nn.Module<unknown>; loss: Step }> = {
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
      loss(x, epsilon) {
        const [y, kld] = model.forward(x, epsilon)
        return add(mseLoss(y, x), kld)
      },
    }
  },
}

export async function start(problem: Problem): Promise<Engine> {
  await init()
  const { description, vendor } = adapterInfo()
  const file = new URL('../../package.json', import.meta.url)
  const { version } = JSON.parse(readFileSync(file, 'utf8'))
  return {
    version: `kernelgrad ${version}`,
    adapter: description || vendor,
    notes: [isEager ? 'eager step' : 'compiled step'],
    trainer: prepare(problem),
  }
}

function prepare({ model: name, batch, weights, x, epsilon }: Problem): Trainer {
  const { model, loss } = networks[name]()
  scope(() => {
    const state = weights.map(({ name, shape, data }) => [name, tensor(data, { shape })] as const)
    model.loadStateDict(Object.fromEntries(state))
  })
  const optimizer = new nn.Adam(model.parameters())
  const eager: Step = (x, epsilon) => {
    optimizer.zeroGrad()
    const value = loss(x, epsilon)
    value.backward()
    optimizer.step()
    return value
  }
  const step: Step = isEager ? eager : compile(eager)
  const images = x.map(data => tensor(data, { shape: [batch, 1, 28, 28] }))
  const noise = epsilon.map(data => tensor(data, { shape: [batch, 10] }))
  let last: Tensor | null = null
  return {
    step(i) {
      last?.dispose()
      last = scope(() => step(images[i], noise[i]).detach())
    },
    finish: sync,
    loss: () => last!.item(),
  }
}
