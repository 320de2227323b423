/** Self-attention in one operation against the same of many, and its gradients' gradients. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { grad, gradgradcheck, manualSeed, nn, randn, type Tensor, tensor } from '../src/index.js'
import { launchCounts } from '../src/kernels/launch.js'
import { gpu } from './gpu.js'

test.before(gpu)

type Options = Parameters<nn.MultiheadAttention['forward']>[3]

/** y, dx and the gradients of all parameters. */
async function all(layer: nn.MultiheadAttention, x: Tensor, options: Options) {
  manualSeed(9) // for dropout
  const [y] = layer.forward(x, x, x, options)
  const dy = tensor(
    Float32Array.from({ length: y.size }, (_, i) => ((i * 7) % 11) / 11 - 0.4),
    {
      shape: y.shape,
    },
  )
  const gradients = grad(y, [x, ...layer.parameters()], { dy })
  return Promise.all([y, ...gradients].map(t => t.data()))
}

const truths = (shape: number[]) =>
  tensor(Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i % 3 === 1).map(Number), {
    shape,
  }).greater(0.5)

const cases: [string, number[], object, () => Options][] = [
  ['length first', [5, 2, 12], {}, () => ({})],
  ['batch first', [2, 5, 12], { batchFirst: true }, () => ({})],
  ['no batch', [5, 12], {}, () => ({ isCausal: true })],
  ['no bias, causal', [2, 6, 12], { batchFirst: true, bias: false }, () => ({ isCausal: true })],
  ['padding', [3, 4, 12], { batchFirst: true }, () => ({ keyPaddingMask: truths([3, 4]) })],
  [
    'a mask to add, per head',
    [2, 4, 12],
    { batchFirst: true },
    () => ({ attnMask: randn([6, 4, 4]) }),
  ],
  [
    'both masks',
    [4, 2, 12],
    {},
    () => ({ attnMask: truths([4, 4]), keyPaddingMask: truths([2, 4]) }),
  ],
  ['dropout', [2, 5, 12], { batchFirst: true, dropout: 0.3 }, () => ({})],
  ['one position', [3, 1, 12], { batchFirst: true }, () => ({})],
  ['in fours', [2, 8, 48], { batchFirst: true }, () => ({})],
]

for (const [name, shape, options, asked] of cases)
  test(`${name}: the numbers of the operations one by one`, async () => {
    manualSeed(4)
    const layer = new nn.MultiheadAttention(shape.at(-1)!, 3, options)
    const x = randn(shape, { requiresGrad: true })
    const how = asked()
    const one = await all(layer, x, { ...how, needWeights: false })
    const many = await all(layer, x, { ...how, needWeights: true })
    for (const [i, wanted] of many.entries())
      for (const [at, v] of wanted.entries())
        assert.ok(
          Math.abs(one[i][at] - v) <= 2e-6 * (1 + Math.abs(v)),
          `${i} at ${at}: ${one[i][at]}, not ${v}`,
        )
  })

test('nothing is copied: fewer launches, forward and backward', async () => {
  const layer = new nn.MultiheadAttention(12, 3, { batchFirst: true })
  const x = randn([2, 5, 12], { requiresGrad: true })
  const count = async (needWeights: boolean) => {
    const before = launchCounts().launches
    await all(layer, x, { needWeights })
    return launchCounts().launches - before
  }
  const [one, many] = [await count(false), await count(true)]
  assert.ok(one <= many - 7, `${one} and ${many}`)
})

test('its gradients have gradients', async () => {
  manualSeed(5)
  const layer = new nn.MultiheadAttention(4, 2, { batchFirst: true })
  const of = (x: Tensor) => layer.forward(x, x, x, { needWeights: false })[0]
  await gradgradcheck(of, [randn([1, 3, 4])])
})

test.run()
