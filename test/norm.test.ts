/** The running statistics of batch norms, and what norms refuse. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

const { nn, tensor } = kg
const list = async (t: kg.Tensor | null) => [...(await t!.data())]
const close = (got: number[], want: number[]) =>
  got.forEach((value, i) => {
    assert.ok(Math.abs(value - want[i]) < 1e-6, `${got} instead of ${want}`)
  })

const batch = () =>
  tensor([
    [1, 10],
    [3, 30],
  ]) // means 2 and 20, variances with n − 1: 2 and 200

test('a batch enters the running statistics with momentum, its variance with n − 1', async () => {
  const norm = new nn.BatchNorm1d(2, { momentum: 0.25 })
  norm.forward(batch())
  close(await list(norm.runningMean), [0.5, 5])
  close(await list(norm.runningVar), [1.25, 50.75])
  assert.is(await norm.numBatchesTracked!.item(), 1)
})

test('without a momentum they are the mean over all batches', async () => {
  const norm = new nn.BatchNorm1d(2, { momentum: null })
  norm.forward(batch())
  norm.forward(
    tensor([
      [5, 0],
      [7, 0],
    ]),
  )
  close(await list(norm.runningMean), [4, 10])
  close(await list(norm.runningVar), [2, 100])
})

test('running statistics that are parts of one tensor, or only one of them, are moved too', async () => {
  const both = tensor([
    [0, 1],
    [0, 1],
  ])
  const columns = both.transpose(0, 1)
  const [runningMean, runningVar] = [columns.select(0, 0), columns.select(0, 1)]
  kg.batchNorm(batch(), { runningMean, runningVar, training: true, momentum: 0.25 })
  close(await list(both), [0.5, 1.25, 5, 50.75])
  const alone = tensor([0, 0])
  kg.batchNorm(batch(), { runningMean: alone, training: true, momentum: tensor(0.5) })
  close(await list(alone), [1, 10])
})

test('what reaches x beside the norm is in its gradient', async () => {
  const x = kg.randn([6, 8], { requiresGrad: true })
  const norm = new nn.LayerNorm(8)
  const weights = kg.randn([6, 8])
  const both = kg.grad(x.mul(3).add(norm.forward(x)).mul(weights).sum(), x)
  const alone = kg.grad(norm.forward(x).mul(weights).sum(), x)
  close(await list(both), await list(alone.add(weights.mul(3))))
})

test('compiled and eager norms have the same bits', async () => {
  const x = kg.randn([16, 8, 6, 6])
  const run = async (compiled: boolean) => {
    kg.manualSeed(3)
    const model = new nn.Sequential(
      new nn.BatchNorm2d(8),
      new nn.GroupNorm(2, 8),
      new nn.Flatten(),
      new nn.LayerNorm(288),
      new nn.RMSNorm(288),
    )
    const optimizer = new nn.Adam(model.parameters(), { lr: 0.1 })
    const step = (t: kg.Tensor) => {
      optimizer.zeroGrad()
      model.forward(t).mul(t.flatten(1)).square().mean().backward()
      optimizer.step()
    }
    const advance = compiled ? kg.compile(step) : step
    for (let i = 0; i < 4; i++) kg.scope(() => advance(x))
    return Promise.all(Object.values(model.stateDict()).map(t => list(t)))
  }
  assert.equal(await run(true), await run(false))
})

test('evaluation uses them and does not change them', async () => {
  const norm = new nn.BatchNorm1d(2, { eps: 0 }).eval()
  norm.loadStateDict({
    ...norm.stateDict(),
    running_mean: tensor([1, 10]),
    running_var: tensor([4, 100]),
  })
  close(await list(norm.forward(batch())), [0, 0, 1, 2])
  assert.equal(await list(norm.runningMean), [1, 10])
  assert.is(await norm.numBatchesTracked!.item(), 0)
})

test('without running statistics, evaluation normalises by the batch', async () => {
  const norm = new nn.BatchNorm1d(2, { trackRunningStats: false, affine: false, eps: 0 }).eval()
  close(await list(norm.forward(batch())), [-1, -1, 1, 1])
})

test('statistics survive the scope of a training step, and have no gradient', async () => {
  const norm = new nn.BatchNorm2d(3)
  kg.scope(() => {
    norm
      .forward(kg.rand([4, 3, 5, 5]))
      .sum()
      .backward()
  })
  assert.ok((await list(norm.runningMean)).every(m => m > 0.03 && m < 0.07))
  assert.equal(
    norm.namedParameters().map(([name]) => name),
    ['weight', 'bias'],
  )
})

test('states have PyTorch’s keys, in its order', () => {
  assert.equal(Object.keys(new nn.BatchNorm2d(3).stateDict()), [
    'weight',
    'bias',
    'running_mean',
    'running_var',
    'num_batches_tracked',
  ])
  assert.equal(
    Object.keys(new nn.BatchNorm2d(3, { affine: false, trackRunningStats: false }).stateDict()),
    [],
  )
  assert.equal(Object.keys(new nn.LayerNorm([2, 3]).stateDict()), ['weight', 'bias'])
})

test('equal elements become exactly 0', async () => {
  assert.equal(await list(kg.layerNorm(kg.full([2, 8], 3), 8)), new Array(16).fill(0))
})

// biome-ignore format: a table reads in columns
const refusals: [f: () => unknown, said: RegExp][] = [
  [() => new nn.BatchNorm1d(2).forward(kg.ones([1, 2])),        /^batchNorm: x is \[1, 2\]; training needs more than one element per channel/],
  [() => new nn.BatchNorm2d(3).forward(kg.ones([4, 3])),        /^BatchNorm2d: x is \[4, 3\]; it must have 4 dims, the second of size 3/],
  [() => new nn.BatchNorm1d(3).forward(kg.ones([4, 2])),        /^BatchNorm1d: x is \[4, 2\]; it must have 2 or 3 dims, the second of size 3/],
  [() => kg.batchNorm(kg.ones([4, 2])),                         /^batchNorm: not training, and no running statistics/],
  [() => kg.layerNorm(kg.ones([4, 2]), [4]),                    /^layerNorm: x is \[4, 2\], normalizedShape \[4\]; x must end in it/],
  [() => kg.groupNorm(kg.ones([4, 5]), 2),                      /^groupNorm: x is \[4, 5\] in 2 groups; .* groups divides c/],
  [() => new nn.GroupNorm(2, 5),                                /^GroupNorm: 5 channels in 2 groups/],
]

for (const [f, said] of refusals) {
  test(`an error says ${said.source}`, () => {
    assert.throws(f, said)
  })
}

test.run()
