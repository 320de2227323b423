/** PyTorch's files, read bit for bit. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as io from '../src/io/index.js'
import { BatchNorm1d, Linear, Sequential } from '../src/nn/index.js'
import { assertSame, bytesOf, expectedOf } from './formats.js'
import { gpu } from './gpu.js'

const files = 'state protocol4 module checkpoint dtypes views tensor list'.split(' ')

for (const file of files.map(name => `${name}.pt`))
  test(`${file} is read bit for bit, wherever its bytes begin in memory`, async () => {
    const bytes = bytesOf(file)
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    for (const each of [bytes, shifted.subarray(3), Buffer.from(bytes)])
      assertSame((await io.decodePt(each)).tensors, expectedOf(file), file)
  })

test('values that are no tensors are returned as they were nested', async () => {
  const { values } = await io.decodePt(bytesOf('checkpoint.pt'))
  const { model_state_dict, optimizer_state_dict, ...own } = values
  assert.equal(own, {
    epoch: 3,
    losses: [0.5, 0.25, Infinity],
    note: 'größer',
    best: null,
    resumed: true,
    large: 2n ** 60n,
    negative: -(2 ** 40),
    device: 'cpu',
    dtype: 'torch.float32',
    size: [2, 3],
    input: ['image', 28],
  })
  assert.equal(model_state_dict, {})
  const { param_groups } = optimizer_state_dict as { param_groups: Record<string, unknown>[] }
  assert.equal([param_groups[0].lr, param_groups[0].betas], [0.01, [0.9, 0.999]])
  assert.equal(param_groups[0].params, [0, 1, 2, 3, 4, 5])
})

test('a prefix chooses a part, and is cut off', async () => {
  const want = expectedOf('state.pt')
  for (const [file, prefix] of [
    ['checkpoint.pt', 'model_state_dict'],
    ['module.pt', 'module'],
  ])
    assertSame((await io.decodePt(bytesOf(file), file, { prefix })).tensors, want, file)
  const { tensors } = await io.decodePt(bytesOf('checkpoint.pt'), 'c', {
    prefix: 'optimizer_state_dict.state.0',
  })
  assert.equal(Object.keys(tensors).sort(), ['exp_avg', 'exp_avg_sq', 'step'])
  await refused(
    io.decodePt(bytesOf('checkpoint.pt'), 'c.pt', { prefix: 'model' }),
    /^c\.pt: no tensor's name begins with 'model' and a dot; the names begin with "model_state_dict", "optim/,
  )
})

test('a model of the same layers takes the tensors', async () => {
  await gpu()
  const model = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 2))
  const { tensors } = await io.decodePt(bytesOf('checkpoint.pt'), 'c', {
    prefix: 'model_state_dict',
  })
  model.loadStateDict(io.fromHost(tensors))
  const { '1.num_batches_tracked': count, ...back } = await io.toHost(model.stateDict())
  const { '1.num_batches_tracked': counted, ...want } = tensors
  assertSame(back, want, 'model')
  assert.equal([count.data[0], counted.data[0]], [2, 2n])
})

test('other files of PyTorch are refused with the remedy', async () => {
  for (const [file, pattern] of [
    ['legacy.pt', /^legacy\.pt: the format of PyTorch before 1\.6; save it again .*torch\.load/],
    ['script.pt', /^script\.pt: a TorchScript program; .*torch\.jit\.load\(path\)\.state_dict/],
    [
      'whole_module.pt',
      /data\.pkl, byte \d+: the global "torch\.nn\.modules\.linear\.Linear" is not .*model\.state_dict\(\)/,
    ],
    ['arrays.npz', /^arrays\.npz: a zip archive without data\.pkl/],
  ] as const)
    await refused(io.decodePt(bytesOf(file), file), pattern)
})

async function refused(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  const message = await promise.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
  assert.match(message, pattern)
}

test.run()
