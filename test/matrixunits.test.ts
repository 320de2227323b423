/** Products on matrix units, where the adapter has some; and what changes where it has none. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { matrixUnit } from '../src/kernels/device.js'
import type { GPUAdapter } from '../src/kernels/gpu.js'
import type { MatrixUnit } from '../src/kernels/matrixunit.js'
import { unitOf } from '../src/kernels/matrixunits.js'
import { matmulMatrixKernel } from '../src/kernels/wgsl.js'
import { matrixProduct } from '../src/launches/matmul.js'
import { withUnit } from '../src/launches/matrixunit.js'
import {
  gradcheck,
  init,
  manualSeed,
  nn,
  rand,
  shutdown,
  type Tensor,
  tensor,
} from '../src/node.js'

/** Whether the adapter has units; else the tests of their results have nothing to do. */
let isThere = false

test.before(async () => {
  shutdown()
  await init({ matrixUnits: true })
  isThere = matrixUnit() !== null
  if (!isThere)
    console.log("skipped in part: this adapter has no matrix units (Mesa 26's lavapipe has)")
})

test.after(shutdown)

const unit: MatrixUnit = {
  factor: 'f16',
  M: 8,
  N: 16,
  K: 16,
  pinned: null,
  workgroup: 64,
  depth: 16,
}

test('a unit for f32 is preferred, then one that sums halves in f32', () => {
  const adapter = (features: string[], configs: unknown[], info: object = {}) =>
    ({
      features: new Set(['subgroups', 'chromium-experimental-subgroup-matrix', ...features]),
      info: { subgroupMaxSize: 64, subgroupMatrixConfigs: configs, ...info },
    }) as unknown as GPUAdapter
  const config = (componentType: string, resultComponentType: string, [M, N, K]: number[]) => ({
    componentType,
    resultComponentType,
    M,
    N,
    K,
  })
  const halves = config('f16', 'f32', [16, 16, 16])
  const whole = config('f32', 'f32', [8, 8, 8])
  const bytes = config('u8', 'u32', [16, 16, 16])
  assert.equal(unitOf(adapter(['shader-f16'], [bytes, halves, whole])), {
    ...{ factor: 'f32', M: 8, N: 8, K: 8, pinned: null, workgroup: 256, depth: 32 },
  })
  assert.is(unitOf(adapter([], [bytes, halves])), null)
  const pinning = ['shader-f16', 'subgroup-size-control']
  assert.equal(
    unitOf(adapter(pinning, [config('f16', 'f16', [8, 8, 8]), halves], { vendor: 'amd' })),
    {
      ...{ factor: 'f16', M: 16, N: 16, K: 16, pinned: 32, workgroup: 128, depth: 32 },
    },
  )
  assert.is(unitOf(adapter(['shader-f16'], [config('f16', 'f32', [64, 8, 16])])), null)
  assert.is(unitOf({ features: new Set(['subgroups']), info: {} } as unknown as GPUAdapter), null)
})

test('the kernel takes the sizes and the type of the unit into its text', () => {
  const text = (one: MatrixUnit) => withUnit(matmulMatrixKernel, one).source.join('\n')
  const halves = text(unit)
  for (const line of ['UNIT_M=8u', 'UNIT_N=16u', 'UNIT_K=16u', 'UNIT_DEPTH=16u'])
    assert.match(halves, `const ${line};`)
  assert.match(halves, 'alias Factor=f16;')
  assert.match(halves, 'enable f16;')
  assert.not.match(halves, 'subgroup_size_control')
  assert.not.match(halves, '@subgroup_size')
  const whole = text({ ...unit, factor: 'f32', pinned: 32 })
  assert.match(whole, 'alias Factor=f32;')
  assert.not.match(whole, 'enable f16;')
  assert.match(whole, '@subgroup_size(LANES)')
  assert.match(whole, 'enable subgroup_size_control;')
})

test('init refuses what cannot be', async () => {
  const refused = async (options: object, message: RegExp) => {
    let said = ''
    await Promise.resolve()
      .then(() => init(options))
      .catch(error => {
        said = error.message
      })
    assert.match(said, message)
  }
  await refused({ matrixUnits: false }, /the GPU is open with matrixUnits: true; call shutdown\(\)/)
  await refused({ matrixUnits: 1 }, /matrixUnits must be true or false/)
  await refused({ units: true }, /no option units; there are reproducible and matrixUnits/)
  shutdown()
  await refused(
    { matrixUnits: true, reproducible: true },
    /in another order than reproducible allows/,
  )
  await init({ matrixUnits: true })
})

/** Sums of products of whole numbers: exact in f16 and f32, in any order. */
const whole = (rows: number, columns: number, step: number) =>
  tensor(
    Float32Array.from({ length: rows * columns }, (_, i) => ((i * step) % 11) - 5),
    { shape: [rows, columns] },
  )

for (const [m, k, n] of [
  [64, 64, 64],
  [67, 65, 63],
  [1, 1000, 200],
  [130, 31, 70],
  [128, 784, 128], // cut into parts
])
  test(`[${m}, ${k}] · [${k}, ${n}] is exact in every orientation`, async () => {
    if (!isThere) return
    const [a, b] = [whole(m, k, 7), whole(k, n, 5)]
    const wanted = await matrixProduct(a, b, { variant: 'plain' }).data()
    const turned = (x: Tensor) => x.transpose().clone().transpose()
    for (const left of [a, turned(a)])
      for (const right of [b, turned(b)])
        assert.equal(await matrixProduct(left, right, { variant: 'matrix' }).data(), wanted)
  })

test('a batch, a view with an offset, bias and activation', async () => {
  if (!isThere) return
  manualSeed(1)
  const a = rand([3, 70, 40]).mul(8).floor()
  const b = rand([40, 69]).mul(8).floor().slice(1, { start: 2 })
  const across = b.reshape([1, 40, 67]).expand([3, 40, 67])
  const bias = whole(1, 67, 3).reshape([67])
  const options = { bias, activation: 1 }
  assert.equal(
    await matrixProduct(a, across, { ...options, variant: 'matrix' }).data(),
    await matrixProduct(a, across, { ...options, variant: 'plain' }).data(),
  )
})

test('factors keep 11 bits at least', async () => {
  if (!isThere) return
  manualSeed(2)
  const [a, b] = [rand([96, 96]).sub(0.5), rand([96, 96]).sub(0.5)]
  const [c, x, y] = [await a.matmul(b).data(), await a.data(), await b.data()]
  for (let i = 0; i < 96; i++)
    for (let j = 0; j < 96; j++) {
      let [sum, size] = [0, 0]
      for (let q = 0; q < 96; q++) {
        sum += x[i * 96 + q] * y[q * 96 + j]
        size += Math.abs(x[i * 96 + q] * y[q * 96 + j])
      }
      // two factors, each rounded to either neighbour
      assert.ok(Math.abs(c[i * 96 + j] - sum) <= 2 ** -9 * size, `${i}, ${j}`)
    }
})

test('gradcheck refuses to compare differences of rounded products', async () => {
  if (matrixUnit()?.factor !== 'f16') return
  let said = ''
  await gradcheck(x => x.matmul(x), [rand([4, 4])]).catch(error => {
    said = error.message
  })
  assert.match(said, /^gradcheck: matrix units round to f16/)
})

test('a layer with packed halves does not round what it is given', async () => {
  if (!isThere) return
  manualSeed(6)
  const layer = new nn.HalfLinear(new nn.Linear(160, 96))
  const x = rand([64, 160])
  const y = await layer.forward(x).data()
  shutdown()
  await init()
  manualSeed(6)
  const again = new nn.HalfLinear(new nn.Linear(160, 96))
  assert.equal(await again.forward(rand([64, 160])).data(), y)
  shutdown()
  await init({ matrixUnits: true })
})

test('a layer and its gradients: forward on units, backward in f32', async () => {
  manualSeed(3)
  const layer = new nn.Linear(160, 96)
  const x = rand([64, 160], { requiresGrad: true })
  const y = layer.forward(x)
  y.mul(1e-6).sum().backward()
  const got = [await y.data(), await x.grad!.data(), await layer.weight.grad!.data()]
  const [values, weights] = [await x.data(), await layer.weight.data()]
  shutdown()
  await init()
  manualSeed(3)
  const again = new nn.Linear(160, 96)
  const z = rand([64, 160], { requiresGrad: true })
  const w = again.forward(z)
  w.mul(1e-6).sum().backward()
  const wanted = [await w.data(), await z.grad!.data(), await again.weight.grad!.data()]
  assert.equal([await z.data(), await again.weight.data()], [values, weights])
  // gradients of 1e-6 would have three bits as halves
  assert.equal(got.slice(1), wanted.slice(1))
  const far = got[0].reduce((most, v, i) => Math.max(most, Math.abs(v - wanted[0][i])), 0)
  assert.ok(far < 0.002, `${far}`)
  if (!isThere) assert.is(far, 0)
  shutdown()
  await init({ matrixUnits: true })
})

test.run()
