import { sum, type Tensor, tensor } from '../../src/index.js'
import { close, functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function sample(mu, logVariance, epsilon) {
  return mu.add(logVariance.mul(0.5).exp().mul(epsilon))
}
`

export const sample: Program = {
  title: 'A random code with a gradient',
  language: 'javascript',
  start: `export function sample(mu, logVariance, epsilon) {
  // mu, logVariance = ln σ² and epsilon from N(0, 1) are tensors of one shape.
  return mu
}
`,
  answer,
  wrong: [
    [answer.replace('.mul(0.5)', ''), /must be \[2, 1, 1\]/],
    [answer.replace('.mul(epsilon)', ''), /must be \[2, 1, 1\]/],
    [
      answer.replace('logVariance.mul', 'logVariance.detach().mul'),
      /no gradient reaches logVariance/,
    ],
  ],
  async judge(module) {
    const f = functionOf<(mu: Tensor, logVariance: Tensor, epsilon: Tensor) => Tensor>(
      module,
      'sample',
    )
    const mu = tensor([1, 1, 0], { requiresGrad: true })
    const logVariance = tensor([0, 3, Math.log(4)], { requiresGrad: true })
    const h = f(mu, logVariance, tensor([1, 0, 0.5]))
    await close('sample(…)', h, { shape: [3], values: [2, 1, 1] })
    sum(h).backward()
    for (const [name, x, values] of [
      ['mu', mu, [1, 1, 1]],
      ['logVariance', logVariance, [0.5, 0, 0.5]], // ½ σ ε
    ] as const) {
      if (!x.grad) throw new Error(`The value is right, but no gradient reaches ${name}.`)
      await close(`The gradient of ${name}`, x.grad, { shape: [3], values })
    }
    return 'Right: the chance is an input, so that gradients pass to the mean and to the spread.'
  },
}
