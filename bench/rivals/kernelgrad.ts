/** kernelgrad itself: the compiled step where it has one, else the eager one. */
import { readFileSync } from 'node:fs'
import { sync } from '../../src/kernels/transfer.js'
import * as kg from '../../src/node.js'
import {
  adapterInfo,
  add,
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
import { quietly } from './quiet.js'

type Step = (x: Tensor, epsilon: Tensor) => Tensor
type Compile = (step: Step) => Step

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
    notes: [compile() ? 'compiled step' : 'eager step'],
    trainer: prepare(problem),
  }
}

/** The library's `compile`, unless it has none yet or RIVALS_EAGER asks for eager steps. */
function compile(): Compile | undefined {
  const found = (kg as { compile?: unknown }).compile
  const wanted = !process.env.RIVALS_EAGER && typeof found === 'function'
  return wanted ? (found as Compile) : undefined
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
  const step = compile()?.(eager) ?? eager
  const images = x.map(data => tensor(data, { shape: [batch, 1, 28, 28] }))
  const noise = epsilon.map(data => tensor(data, { shape: [batch, 10] }))
  let last: Tensor | null = null
  return {
    step(i) {
      last?.dispose()
      last = scope(() => step(images[i], noise[i]).detach())
    },
    finish: () => quietly(sync),
    loss: () => last!.item(),
  }
}
