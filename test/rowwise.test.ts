/** Rows that a workgroup works on together give what rows of one invocation give, within rounding. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSoftware } from '../src/kernels/device.js'
import { activationCode } from '../src/launches/activation.js'
import { attentionBackward, attentionForward } from '../src/launches/attention.js'
import { linearOfFew } from '../src/launches/linearoffew.js'
import { matrixProduct } from '../src/launches/matmul.js'
import { softmaxBackward, softmaxForward } from '../src/launches/softmax.js'
import { manualSeed, randn, type Tensor, tensor, transpose } from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)

async function alike(what: string, results: readonly Tensor[]): Promise<void> {
  const [alone, together] = await Promise.all(results.map(t => t.data()))
  assert.is(alone.length, together.length)
  for (const [i, value] of alone.entries())
    assert.ok(
      Math.abs(value - together[i]) < 2e-6 * Math.max(1, Math.abs(value)),
      `${what} at ${i}: ${together[i]} together, ${value} alone`,
    )
}

const ways = [false, true]

for (const shape of [
  [3, 1],
  [5, 10],
  [130, 64],
  [7, 65],
  [2, 4500],
  [3, 70, 4],
])
  for (const op of ['softmax', 'logSoftmax'] as const)
    test(`${op} of [${shape}] and its gradient, along dimension 1`, async () => {
      manualSeed(4)
      const [x, dy] = [randn(shape).mul(3), randn(shape)]
      const y = softmaxForward(op, x, 1)
      await alike(
        'y',
        ways.map(way => softmaxForward(op, x, 1, way)),
      )
      await alike(
        'dx',
        ways.map(way => softmaxBackward(op, y, 1, dy, way)),
      )
    })

test('a NaN anywhere in a row makes the whole row NaN, and no other row', async () => {
  const x = new Float32Array(3 * 100)
  x[100 + 70] = NaN
  const y = await softmaxForward('softmax', tensor(x, { shape: [3, 100] }), 1, true).data()
  for (const [i, value] of y.entries())
    assert.is(Number.isNaN(value), i >= 100 && i < 200, `at ${i}`)
})

for (const [queries, keys] of [
  [3, 5],
  [64, 64],
  [9, 150],
])
  for (const isCausal of ways)
    test(`attention ${queries} × ${keys}, ${isCausal ? 'causal' : 'with a mask'}`, async () => {
      manualSeed(5)
      const shape = [2, queries, keys]
      const [x, dy] = [randn(shape), randn(shape)]
      const mask = isCausal ? null : randn([queries, keys]).expand(shape)
      const scoring = { scale: 0.5, mask, isCausal }
      const y = attentionForward('attention', x, scoring)
      await alike(
        'y',
        ways.map(way => attentionForward('attention', x, scoring, way)),
      )
      await alike(
        'dx',
        ways.map(way => attentionBackward('attention', y, dy, scoring, way)),
      )
    })

for (const rows of [1, 2, 3, 4])
  test(`a layer of ${rows} ${rows > 1 ? 'rows' : 'row'} gives the bits of the product, whatever its sizes`, async () => {
    manualSeed(6)
    for (const [inputs, outputs] of [
      [1, 1],
      [3, 70],
      [64, 5],
      [130, 129],
      [516, 64],
    ]) {
      const w = randn([outputs, inputs]).mul(1 / Math.sqrt(inputs))
      const [x, b] = [randn([rows, inputs]), randn([outputs])]
      const product = (bias: Tensor | null, activation: number) =>
        matrixProduct(x, transpose(w), { bias, activation, exact: true })
      for (const [bias, f] of [
        [null, activationCode(null)],
        [b, activationCode('tanh')],
      ] as const) {
        const [alone, together] = ways.map(way => linearOfFew(x, w, bias, f, way))
        await alike(`${rows} × ${inputs} → ${outputs}`, [alone, together])
        if (isSoftware()) assert.equal(await alone.data(), await product(bias, f).data())
        else await alike('product', [alone, product(bias, f)])
      }
    }
  })

test('what lies behind a row of a layer is not read into it', async () => {
  const x = tensor([
    [1, 2, 3],
    [Infinity, 1, 1],
  ])
  const w = tensor([
    [1, 1, 1],
    [Infinity, 1, 1],
  ])
  const y = [
    [6, Infinity],
    [Infinity, Infinity],
  ]
  for (const way of ways) assert.equal(await linearOfFew(x, w, null, 0, way).array(), y)
})

test.run()
