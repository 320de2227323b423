/** An activation that is part of another operation's kernel has the gradients that it has by itself. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)

const apart = { relu: kg.relu, tanh: kg.tanh, sigmoid: kg.sigmoid }

/** What takes y = f(z) [4, 2, 6, 6] on, to one number. Those that lead their gradients past f, and others. */
const uses: Record<string, (y: kg.Tensor) => kg.Tensor> = {
  'a linear layer': y =>
    kg
      .linear(kg.flatten(y, 1), weights([5, 72]))
      .square()
      .sum(),
  'a linear layer of other sizes': y =>
    kg
      .linear(y, weights([8, 6]), weights([8]))
      .square()
      .sum(),
  'a convolution': y =>
    kg
      .conv2d(y, weights([3, 2, 3, 3]), weights([3]), { stride: 2 })
      .square()
      .sum(),
  'a transposed convolution': y =>
    kg
      .convTranspose2d(y, weights([2, 3, 2, 2]))
      .square()
      .sum(),
  pooling: y => kg.maxPool2d(y, 3, { stride: 2 }).square().sum(),
  'a loss': y => kg.mseLoss(y, weights([4, 2, 6, 6]), { reduction: 'sum' }),
  slices: y =>
    kg.chunk(y, 2, 1).reduce(
      (sum, part, i) =>
        sum.add(
          part
            .square()
            .sum()
            .mul(i + 1),
        ),
      kg.zeros([]),
    ),
  'something else': y => kg.exp(y).sum(),
  'several at once': y =>
    kg.add(kg.add(uses['a convolution'](y), uses['a loss'](y)), uses.slices(y)),
}

/** The same numbers for the same shape. */
function weights(shape: number[]): kg.Tensor {
  const n = shape.reduce((a, b) => a * b, 1)
  return kg.tensor(
    Float32Array.from({ length: n }, (_, i) => Math.sin(3 * i + 1) / 2),
    { shape },
  )
}

for (const [name, use] of Object.entries(uses))
  for (const activation of ['relu', 'tanh', 'sigmoid'] as const)
    test(`${activation} before ${name}`, async () => {
      const run = async (fused: boolean) => {
        const x = weights([4, 3, 6, 6])
        const [w, b] = [weights([2, 3, 3, 3]), weights([2])]
        for (const t of [x, w, b]) t.requiresGrad = true
        const options = { padding: 1 }
        const y = fused
          ? kg.conv2d(x, w, b, { ...options, activation })
          : apart[activation](kg.conv2d(x, w, b, options))
        const first = kg.grad(use(y), [x, w, b], { createGraph: true })
        const length = first.map(g => g.square().sum()).reduce(kg.add)
        const second = kg.grad(length, [x, w, b])
        use(
          fused
            ? kg.conv2d(x, w, b, { ...options, activation })
            : apart[activation](kg.conv2d(x, w, b, options)),
        ).backward()
        return Promise.all([y, ...first, ...second, x.grad!, w.grad!, b.grad!].map(t => t.data()))
      }
      const [one, two] = [await run(true), await run(false)]
      for (const [i, data] of one.entries()) {
        const size = Math.max(...two[i].map(Math.abs))
        for (const [j, value] of data.entries())
          assert.ok(
            Math.abs(value - two[i][j]) <= 2e-5 * size,
            `result ${i} at ${j}: ${value} and ${two[i][j]}`,
          )
      }
    })

test.run()
