/** Networks for other programs: what is written, and what PyTorch computes with it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exportNetwork } from '../src/cli/commands/export.js'
import { requireTorch, runPython } from '../src/cli/export/python.js'
import { exportTorch } from '../src/cli/export/torch/index.js'
import { verifyTorch } from '../src/cli/export/verify/index.js'
import { holds, largest, table } from '../src/cli/export/verify/table.js'
import { exportWeights } from '../src/cli/export/write.js'
import { makeNetwork } from '../src/cli/loaded.js'
import { choices, type NetworkName } from '../src/cli/networks.js'
import {
  data,
  io,
  loadNpz,
  loadSafetensors,
  manualSeed,
  nn,
  noGrad,
  rand,
  shutdown,
} from '../src/node.js'
import { say } from './commands.js'
import { gpu } from './gpu.js'
import { python, runTorch, withoutTorch } from './torch.js'

test.before(gpu)
test.after(shutdown)

const names = Object.keys(choices) as NetworkName[]
const set = data.drawDigits({ count: 80 })
const newFolder = () => mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))

/** A network that depends on its name alone. */
function network(name: string, seed = 1) {
  manualSeed(seed)
  return makeNetwork(name)
}

test('a folder for PyTorch has the module, the weights, the images and the script', async () => {
  const folder = join(newFolder(), 'new')
  const conv = await network('conv')
  const files = await exportTorch(folder, conv, set)
  assert.equal(readdirSync(folder).sort(), files.sort())
  const code = readFileSync(join(folder, 'model.py'), 'utf8')
  assert.match(code, /nn\.Conv2d\(1, 16, 3, stride=3, padding=1\),\n/)
  assert.match(code, /nn\.ConvTranspose2d\(16, 8, 5, stride=3, padding=1\),\n/)
  assert.match(code, /SHAPE = \(1, 28, 28\)[\s\S]*RANGE = \(-1, 1\)[\s\S]*LATENT = None/)
  assert.ok(code.split('\n').length < 45)
  const { tensors, metadata } = await loadSafetensors(join(folder, 'weights.safetensors'))
  assert.equal(metadata, { model: 'conv', options: '{"width":1}' })
  assert.equal(tensors, await io.toHost(conv.model.stateDict()))
  const images = io.decodeNpy(readFileSync(join(folder, 'images.npy')))
  assert.equal(images, { dtype: 'U8', shape: [80, 28, 28], data: set.images })
})

test('a module of one’s own is refused for PyTorch, with what can be done', async () => {
  const own = { ...(await network('mlp')), name: 'own.ts', model: new nn.Linear(2, 2) }
  let text = ''
  await exportTorch(join(newFolder(), 'own'), own, set).catch(error => {
    text = error.message
  })
  assert.match(text, /^export: Linear is none of the library's autoencoders; .*safetensors/)
})

test('weights go to safetensors and npz', async () => {
  const folder = newFolder()
  const mlp = await network('mlp')
  const expected = await io.toHost(mlp.model.stateDict())
  await exportWeights(join(folder, 'a.npz'), 'npz', mlp, false)
  assert.equal(await loadNpz(join(folder, 'a.npz')), expected)
  await exportWeights(join(folder, 'a.safetensors'), 'safetensors', mlp, false)
  assert.equal((await loadSafetensors(join(folder, 'a.safetensors'))).tensors, expected)
})

test('a table marks what is over its bound, also NaN and what is missing', () => {
  const rows = [
    { what: 'outputs', difference: 1e-6, bound: 1e-5 },
    { what: 'gradients', difference: Number.NaN, bound: 1e-5 },
    { what: 'order', difference: 1, bound: 0 },
  ]
  assert.equal(rows.map(holds), [true, false, false])
  assert.is(
    table(rows),
    [
      'compared   largest difference  allowed',
      'outputs                1.0e-6   1.0e-5',
      'gradients                 NaN   1.0e-5  over',
      'order                  1.0e+0        0  over',
    ].join('\n'),
  )
  assert.is(largest([1, 2], [1, 2.5]), 0.5)
  assert.is(largest([1], [1, 2]), Number.POSITIVE_INFINITY)
  assert.is(largest([1], undefined), Number.POSITIVE_INFINITY)
  assert.ok(Number.isNaN(largest([1, 2, 3], [1, Number.NaN, 3])))
})

test('without PyTorch the message says what to install', async () => {
  assert.throws(
    () => requireTorch(['/nowhere/python3']),
    /^no PyTorch: none of \/nowhere\/python3 .*apt install python3-torch/,
  )
  let text = ''
  await runPython('/nowhere/python3', ['x.py'], { cwd: '.' }).catch(error => {
    text = error.message
  })
  assert.match(text, /^\/nowhere\/python3 x\.py: .*ENOENT/)
})

const outputs = `
import importlib, json, sys, torch
given = json.load(sys.stdin)
found = {}
for name, about in given['networks'].items():
    sys.path.insert(0, about['folder'])
    for module in ('model', 'kernelgrad_files', 'kernelgrad_data'):
        sys.modules.pop(module, None)
    model, files = importlib.import_module('model'), importlib.import_module('kernelgrad_files')
    net = model.Model()
    weights, metadata = files.load_safetensors(about['folder'] + '/weights.safetensors')
    net.load_state_dict(weights)
    files.save_safetensors(about['folder'] + '/again.safetensors', net.state_dict(), metadata)
    x = torch.tensor(about['x']).reshape(-1, *model.SHAPE)
    noise = about['epsilon'] and torch.tensor(about['epsilon'])
    y = net(x, noise) if about['epsilon'] else net(x)
    found[name] = (y[0] if isinstance(y, tuple) else y).flatten().tolist()
    data = importlib.import_module('kernelgrad_data')
    sys.path.pop(0)
found['orders'] = [data.order(*each) for each in given['orders']]
print(json.dumps(found))
`

test('in PyTorch every model has the names, the outputs, the bytes and the order', async () => {
  if (!python) return withoutTorch('exported models in PyTorch')
  const networks: Record<string, unknown> = {}
  const ours: Record<string, Float32Array> = {}
  for (const name of names) {
    const folder = newFolder()
    const { model, shape, latent } = await network(name)
    await exportTorch(folder, await network(name), set)
    const x = rand([3, ...shape])
    const epsilon = name === 'vae' || name === 'textbook' ? rand([3, latent!]) : undefined
    const y = noGrad(() => [model.forward(x, epsilon)].flat()[0]) as typeof x
    ours[name] = await y.data()
    const noise = epsilon && (await epsilon.array())
    networks[name] = { folder, x: Array.from(await x.data()), epsilon: noise ?? null }
  }
  const orders = [
    [1, 0, 0],
    [7, 3, 1],
    [100, 2 ** 40 + 5, 2],
    [1000, 12, 40],
  ]
  type Found = Record<string, number[]> & { orders: number[][] }
  const theirs = runTorch<Found>(outputs, { networks, orders })
  for (const name of names) {
    const difference = largest(ours[name], theirs[name])
    assert.ok(difference <= 1e-5, `${name}: ${difference}`)
    const { folder } = networks[name] as { folder: string }
    const [first, again] = ['weights', 'again'].map(file =>
      readFileSync(join(folder, `${file}.safetensors`)),
    )
    assert.ok(first.equals(again), `${name}: the bytes of the weights`)
  }
  for (const [i, [count, seed, epoch]] of orders.entries()) {
    const order = [...data.batches(count, { batchSize: 8, shuffle: true, seed, epoch })].flat()
    assert.equal(theirs.orders[i], order)
  }
})

for (const name of ['conv', 'textbook'] as const)
  test(`${name}: PyTorch trains as this engine does, resumed and in two processes`, async () => {
    if (!python) return withoutTorch(`the training of ${name}`)
    const folder = newFolder()
    const own = await network(name)
    await exportTorch(folder, own, set)
    const rows = await verifyTorch(python, folder, { network: own, set, seed: 3 })
    assert.ok(rows.every(holds), `\n${table(rows)}`)
    assert.is(rows.length, name === 'conv' ? 10 : 8)
  })

test('a folder of other weights does not pass', async () => {
  if (!python) return withoutTorch('the verification of other weights')
  const folder = newFolder()
  await exportTorch(folder, await network('mlp', 1), set)
  const rows = await verifyTorch(python, folder, { network: await network('mlp', 2), set, seed: 0 })
  const over = rows.filter(row => !holds(row)).map(({ what }) => what)
  assert.equal(over.slice(0, 3), [
    'outputs',
    'gradients, relative to the largest',
    'losses of 20 steps',
  ])
})

test('kernelgrad export writes three ONNX files, and compares them', async () => {
  const folder = newFolder()
  await exportWeights(join(folder, 'w.safetensors'), 'safetensors', await network('vae'), false)
  const paths = ['--weights', join(folder, 'w.safetensors'), '-o', join(folder, 'to', 'vae.onnx')]
  const all = ['--format', 'onnx', ...paths, '--verify']
  const { status, stdout, errors } = await say(exportNetwork, ...all)
  assert.is(status, 0, errors.join())
  assert.match(stdout, /written: .*vae\.onnx, .*vae-encoder\.onnx, .*vae-decoder\.onnx\n/)
  assert.match(stdout, /^ONNX: outputs +\d\.\de-\d+ +1\.0e-5$/m)
  assert.equal(readdirSync(join(folder, 'to')).length, 3)
})

test('it refuses a format that there is not, and weights that are not there', async () => {
  const wrong = await say(exportNetwork, '--format', 'tflite')
  assert.is(wrong.status, 1)
  assert.match(wrong.errors.join(), /'tflite' is invalid.*onnx, torch, safetensors, npz/)
  const output = join(newFolder(), 'mlp.npz')
  const args = ['--format', 'npz', '--weights', 'none.safetensors', '-o', output]
  const missing = await say(exportNetwork, ...args)
  assert.is(missing.status, 1)
  assert.match(missing.errors.join(), /^kernelgrad: none\.safetensors: no such file/)
  assert.not.ok(existsSync(output))
})

test.run()
