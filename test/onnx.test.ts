/** Models as ONNX files: what is in them, and what another engine computes with them. */
import * as ort from 'onnxruntime-web'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { onnxFiles } from '../src/cli/export/onnx/index.js'
import { Model } from '../src/cli/export/onnx/messages.js'
import { choices } from '../src/cli/networks.js'
import { manualSeed, models, nn, rand, randn, shutdown, type Tensor } from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after(shutdown)

/** The outputs of a file, by name, from onnxruntime on WebAssembly. */
async function run(
  bytes: Uint8Array,
  inputs: Record<string, Tensor>,
): Promise<Record<string, ort.Tensor>> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 })
  const feeds: Record<string, ort.Tensor> = {}
  for (const [name, t] of Object.entries(inputs))
    feeds[name] = new ort.Tensor('float32', await t.data(), t.shape)
  const outputs = await session.run(feeds)
  await session.release()
  return outputs as Record<string, ort.Tensor>
}

async function largest(ours: Tensor, theirs: ort.Tensor): Promise<number> {
  assert.equal(theirs.dims, ours.shape)
  const [x, y] = [await ours.data(), theirs.data as Float32Array]
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0)
}

interface Dim {
  dimValue?: number
  dimParam?: string
}

interface File {
  irVersion: number
  opsetImport: { domain: string; version: number }[]
  graph: {
    node: { opType: string; name: string; input: string[]; output: string[] }[]
    initializer: { name: string; dims: number[] }[]
    input: { name: string; type: { tensorType: { elemType: number; shape: { dim: Dim[] } } } }[]
    output: { name: string }[]
  }
}

const parsed = (bytes: Uint8Array) =>
  Model.toObject(Model.decode(bytes), { longs: Number, arrays: true }) as unknown as File

const shapeOf = ({ type }: File['graph']['input'][number]) =>
  type.tensorType.shape.dim.map(({ dimValue, dimParam }) => dimParam ?? dimValue)

test('a file has the edition, inputs, weights by PyTorch’s names, and nodes by the layers’', async () => {
  const files = await onnxFiles(new models.MLPAutoencoder(), [784])
  assert.equal(Object.keys(files), ['model', 'encoder', 'decoder'])
  const { irVersion, opsetImport, graph } = parsed(files.encoder)
  assert.is(irVersion, 8)
  assert.is(opsetImport[0].version, 17)
  assert.equal(graph.input.map(shapeOf), [['batch', 784]])
  assert.equal(
    graph.node.map(({ opType, name }) => `${opType} ${name}`),
    [0, 1, 2, 3, 4, 5, 6].map(i => `${i % 2 ? 'Relu' : 'Gemm'} encoder.${i}`),
  )
  assert.equal(
    graph.initializer.slice(0, 2).map(({ name, dims }) => [name, dims]),
    [
      ['encoder.0.weight', [128, 784]],
      ['encoder.0.bias', [128]],
    ],
  )
  assert.equal(
    parsed(files.model).graph.output.map(({ name }) => name),
    ['reconstruction', 'latent'],
  )
})

for (const [name, choice] of Object.entries(choices)) {
  test(`${name}: whole, encoder and decoder compute what the model computes`, async () => {
    manualSeed(5)
    const { model, shape } = choice.make({})
    const files = await onnxFiles(model, shape)
    const differences: number[] = []
    for (const batch of [1, 7]) {
      const x = rand([batch, ...shape])
      const note = async (ours: Tensor, theirs: ort.Tensor) =>
        differences.push(await largest(ours, theirs))
      if (model instanceof models.MLPAutoencoder || model instanceof models.ConvAutoencoder) {
        const latent = model.encoder.forward(x)
        const y = model.decoder.forward(latent)
        const whole = await run(files.model, { x })
        await note(y, whole.reconstruction)
        await note(latent, whole.latent)
        await note(latent, (await run(files.encoder, { x })).latent)
        await note(y, (await run(files.decoder, { latent })).reconstruction)
        continue
      }
      if (model instanceof models.Denoiser) {
        assert.equal(Object.keys(files), ['model'])
        await note(model.forward(x), (await run(files.model, { x })).reconstruction)
        continue
      }
      assert.ok(
        model instanceof models.VariationalAutoencoder || model instanceof models.TextbookVAE,
      )
      const [mu, spread] = model.encode(x)
      const second = name === 'textbook' ? 'log_variance' : 'sigma'
      const mean = await run(files.model, { x })
      await note(model.decode(mu), mean.reconstruction)
      await note(mu, mean.mu)
      await note(spread, mean[second])
      const code = await run(files.encoder, { x })
      await note(mu, code.mu)
      await note(spread, code[second])
      await note(model.decode(mu), (await run(files.decoder, { z: mu })).reconstruction)
      const epsilon = randn([batch, 10])
      const sampled = await run(withEpsilon(files.model), { x, epsilon })
      await note(model.forward(x, epsilon)[0], sampled.reconstruction)
    }
    const most = Math.max(...differences)
    console.log(`${name}: largest difference from onnxruntime ${most.toExponential(1)}`)
    assert.ok(most <= 1e-5)
  })
}

/** onnxruntime-web takes no input that has a default value: the same file without that value. */
function withEpsilon(bytes: Uint8Array): Uint8Array {
  const file = Model.decode(bytes) as unknown as File
  const { graph } = file
  assert.equal(shapeOf(parsed(bytes).graph.input[1]), ['epsilon_batch', 10])
  graph.initializer = graph.initializer.filter(({ name }) => name !== 'epsilon')
  return Model.encode(file as never).finish()
}

/** Every layer that can be written, with the shape of a sample. */
const layers = (): readonly (readonly [layer: nn.Module, shape: readonly number[]])[] => [
  [new nn.Linear(6, 5), [6]],
  [new nn.Linear(6, 5, { bias: false }), [6]],
  [new nn.Linear(6, 5), [3, 6]],
  [new nn.Linear(6, 5, { bias: false }), [2, 3, 6]],
  [new nn.Conv1d(4, 6, 3, { stride: 2, padding: 1, groups: 2 }), [4, 9]],
  [new nn.Conv2d(4, 6, [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 2] }), image],
  [new nn.ConvTranspose1d(4, 3, 3, { stride: 2, padding: 1, outputPadding: 1 }), [4, 9]],
  [new nn.ConvTranspose2d(4, 6, 3, { stride: [2, 3], groups: 2, bias: false, dilation: 2 }), image],
  [new nn.MaxPool1d(3, { stride: 2, padding: 1 }), [4, 9]],
  [new nn.MaxPool2d([3, 2], { stride: 2, padding: 1, dilation: [2, 1] }), image],
  [new nn.MaxPool2d(2, { stride: 2, ceilMode: true }), image],
  [new nn.MaxPool2d(3, { stride: 2, padding: 1, ceilMode: true }), image],
  [new nn.AvgPool1d(2), [4, 9]],
  [new nn.AvgPool2d(3, { stride: 2, padding: 1 }), image],
  [new nn.AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }), image],
  [new nn.AdaptiveAvgPool2d([3, null]), image],
  [new nn.AdaptiveAvgPool2d(1), image],
  [new nn.Upsample({ scaleFactor: 2 }), image],
  [new nn.Upsample({ size: [13, 5] }), image],
  [new nn.Upsample({ size: [13, 5], mode: 'bilinear' }), image],
  [new nn.Upsample({ size: [13, 17], mode: 'bilinear', alignCorners: true }), image],
  [new nn.BatchNorm1d(6), [6]],
  [new nn.BatchNorm1d(4, { affine: false }), [4, 9]],
  [new nn.BatchNorm2d(4), image],
  [new nn.InstanceNorm1d(4), [4, 9]],
  [new nn.InstanceNorm2d(4, { affine: true }), image],
  [new nn.InstanceNorm2d(4, { trackRunningStats: true }), image],
  [new nn.LayerNorm([9, 8]), image],
  [new nn.LayerNorm(8, { affine: false }), image],
  [new nn.GroupNorm(2, 4), image],
  [new nn.GroupNorm(2, 6, { affine: false }), [6]],
  [new nn.RMSNorm(8), image],
  [new nn.RMSNorm([9, 8], { affine: false }), image],
  [new nn.PReLU(), [6]],
  [new nn.PReLU(4), image],
  [new nn.Dropout(), [6]],
  [new nn.Dropout2d(), image],
  [new nn.Identity(), [6]],
  [new nn.Flatten(), image],
  [new nn.Flatten(2), image],
  [new nn.Unflatten(1, [2, -1]), image],
  ...[
    new nn.ReLU(),
    new nn.Tanh(),
    new nn.Sigmoid(),
    new nn.LeakyReLU(0.2),
    new nn.ELU(0.7),
    new nn.CELU(0.7),
    new nn.SELU(),
    new nn.Hardsigmoid(),
    new nn.Hardswish(),
    new nn.Hardtanh(-0.5, 0.7),
    new nn.ReLU6(),
    new nn.SiLU(),
    new nn.Softplus(),
    new nn.Softplus({ beta: 2, threshold: 1 }),
    new nn.GELU(),
    new nn.GELU({ approximate: 'tanh' }),
    new nn.Mish(),
    new nn.Softmax(1),
    new nn.LogSoftmax(-1),
  ].map(layer => [layer, [3, 6]] as const),
]

const image = [4, 9, 8]

test('every layer that can be written computes what it computes here', async () => {
  manualSeed(6)
  let most = 0
  for (const [layer, shape] of layers()) {
    for (const [, t] of layer.namedTensors()) if (t.dtype === 'f32') nn.init.uniform(t, 0.2, 1)
    const model = new nn.Sequential(layer).eval()
    const x = randn([3, ...shape]).mul(2)
    const { model: file } = await onnxFiles(model, shape)
    const { y } = await run(file, { x })
    const difference = await largest(model.forward(x), y)
    assert.ok(difference <= 1e-5, `${layer.constructor.name}: ${difference}`)
    most = Math.max(most, difference)
  }
  console.log(`${layers().length} layers: largest difference ${most.toExponential(1)}`)
})

test('a Sequential in another is one graph, in which dropout is nothing', async () => {
  const model = new nn.Sequential(
    new nn.Sequential(new nn.Linear(6, 4), new nn.BatchNorm1d(4)),
    new nn.Dropout(),
    new nn.ReLU(),
  )
  const { model: file } = await onnxFiles(model, [6]) // although it is in training
  const { graph } = parsed(file)
  assert.equal(
    graph.node.map(({ name }) => name),
    ['0.0', '0.1', '2'],
  )
  const x = randn([5, 6])
  assert.ok((await largest(model.eval().forward(x), (await run(file, { x })).y)) <= 1e-5)
  assert.is(await model.layers[0].children()[1][1].namedTensors()[4][1].item(), 0)
})

test('what ONNX has not is refused, with its name and a remedy', async () => {
  const refusals: [nn.Module<unknown>, readonly number[], RegExp][] = [
    [
      new nn.LSTM(3, 4),
      [2, 3],
      /^onnx: layer \(LSTM\): no operator of ONNX .*Linear.* or export for/,
    ],
    [
      new nn.Sequential(new nn.ReLU(), new nn.BatchNorm2d(4, { trackRunningStats: false })),
      image,
      /^onnx: 1 \(BatchNorm2d\): .*trackRunningStats/,
    ],
    [new nn.AdaptiveAvgPool2d(5), image, /AdaptiveAvgPool2d\): \[9,8\] pixels .*AvgPool2d/],
    [new nn.AvgPool2d(2, { ceilMode: true }), image, /ceilMode/],
    [new nn.AvgPool2d(2, { divisorOverride: 3 }), image, /divisorOverride/],
    [new nn.Upsample({ scaleFactor: 1.3 }), image, /use size instead/],
    [new nn.Flatten(0), [3], /changes the first dimension/],
    [new nn.Sequential(new nn.Linear(6, 5)), [7], /^onnx: 0 \(Linear\): linear: x is \[2, 7\]/],
  ]
  for (const [model, shape, message] of refusals)
    await rejects(() => onnxFiles(model, shape), message)
  const model = new nn.Sequential(new nn.Linear(6, 5))
  const lora = nn.lora(model, { rank: 2 })
  await rejects(() => onnxFiles(model, [6]), /0 \(Linear\): its forward is changed .*merge\(\)/)
  lora.merge()
  assert.ok((await onnxFiles(model, [6])).model)
  class Twice extends nn.Linear {
    override forward(x: Tensor): Tensor {
      return super.forward(x).mul(2)
    }
  }
  await rejects(() => onnxFiles(new Twice(2, 2), [2]), /\(Twice\): no operator/)
})

async function rejects(f: () => Promise<unknown>, message: RegExp): Promise<void> {
  let text = 'nothing was refused'
  await f().catch(error => {
    text = error.message
  })
  assert.match(text, message)
}

test.run()
