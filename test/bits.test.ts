/** The same bits from all kernels of a family, and from all adapters on the CPU. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { families } from '../src/launches/variants.js'
import {
  conv2d,
  convTranspose2d,
  grad,
  init,
  isSoftware,
  linear,
  manualSeed,
  matmul,
  randn,
  shutdown,
  type Tensor,
  useVariants,
} from '../src/node.js'
import { kinds } from './autoencoders.js'
import { digest, ofFunctions, trained } from './bits.js'
import fixture from './fixtures/bits.json' with { type: 'json' }
import { gpu } from './gpu.js'

test.before(gpu)
test.after.each(() => useVariants({}))

const kept: Record<string, Record<string, string>> = fixture

for (const kind of Object.keys(kinds))
  test(`${kind}: 20 steps of training leave the kept bits`, async () => {
    if (!isSoftware()) return // see docs/determinism.md
    assert.is(await trained(kind, 20), kept[kind][20])
  })

test('with reproducible: true products are held, and the bits are the same', async () => {
  if (!isSoftware()) return
  shutdown()
  await init({ reproducible: true })
  try {
    for (const kind of Object.keys(kinds)) assert.is(await trained(kind, 20), kept[kind][20])
    assert.throws(() => init({ reproducible: false }), /shutdown\(\) first/)
  } finally {
    shutdown()
    await gpu()
  }
})

test('the elementary functions give the kept bits', async () => {
  const found = await ofFunctions()
  for (const [name, digest] of Object.entries(found)) assert.is(digest, kept.functions[name], name)
})

/** Digests of what f returns, per variant of a family. */
async function perVariant(family: keyof typeof families, f: () => readonly Tensor[]) {
  const digests: Record<string, string> = {}
  for (const { name } of families[family]) {
    useVariants({ [family]: name })
    manualSeed(1)
    digests[name] = digest(await Promise.all(f().map(t => t.data())))
  }
  return digests
}

async function alike(family: keyof typeof families, f: () => readonly Tensor[]) {
  const digests = await perVariant(family, f)
  assert.is(new Set(Object.values(digests)).size, 1, JSON.stringify(digests))
}

for (const [m, k, n] of [
  [64, 128, 32],
  [33, 67, 19],
  [100, 784, 128],
])
  test(`matmul [${m}, ${k}] · [${k}, ${n}]: one order of summation in all kernels`, () =>
    alike('matmul', () => {
      const [a, b, c] = [randn([m, k]), randn([k, n]), randn([n, k])]
      return [matmul(a, b), matmul(a, c.transpose(0, 1)), linear(a, c, randn([n]))]
    }))

for (const [batch, inputs, outputs] of [
  [32, 784, 128],
  [33, 36, 40],
  [5, 3, 7],
])
  test(`linear [${batch}, ${inputs}] to ${outputs}: its gradients are alike, too`, () =>
    alike('linear', () => {
      const [x, w, b] = [[batch, inputs], [outputs, inputs], [outputs]].map(shape =>
        randn(shape, { requiresGrad: true }),
      )
      return grad(
        linear(x, w, b)
          .mul(randn([batch, outputs]))
          .sum(),
        [x, w, b],
      )
    }))

for (const [channels, outputs, stride] of [
  [1, 16, 2],
  [16, 8, 1],
  [5, 3, 2],
])
  test(`conv2d ${channels} to ${outputs}, stride ${stride}: alike in all kernels, both ways`, () =>
    alike('conv', () => {
      const options = { requiresGrad: true }
      const x = randn([6, channels, 14, 14], options)
      const w = randn([outputs, channels, 3, 3], options)
      const y = conv2d(x, w, randn([outputs]), { stride, padding: 1 })
      const z = convTranspose2d(y, w, randn([channels]), { stride, padding: 1 })
      return [y, z, ...grad(z.mul(randn(z.shape)).sum(), [x, w])]
    }))

test.run()
