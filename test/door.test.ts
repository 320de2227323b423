/**
 * What plain JavaScript may get wrong, where TypeScript would complain: every call is refused with
 * words that name the operation and the right form.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

// biome-ignore lint/suspicious/noExplicitAny: the calls are those that types forbid
type Untyped = any

const { nn, data, io }: Untyped = kg
const { tensor, zeros, ones, full, rand, uniform, arange, eye, noGrad, compile, scope }: Untyped =
  kg
const ops: Untyped = kg

let x: Untyped // [2, 3]
let image: Untyped // [1, 1, 4, 4]
let optimizer: Untyped

test.before(() => {
  x = ones([2, 3])
  image = ones([1, 1, 4, 4])
  optimizer = new nn.SGD([tensor([1, 2], { requiresGrad: true })])
})

type Call = readonly [call: string, f: () => unknown, words: RegExp]

/** Options without their name, under another name, or that are no object. */
const options: Call[] = [
  ['clamp(0, 1)', () => x.clamp(0, 1), /^clamp: got 0 where options belong.*{ min: …, max: … }$/],
  ['clamp()', () => x.clamp(), /^clamp: got undefined where options belong.*min/],
  ['clamp({ mn })', () => x.clamp({ mn: 0 }), /^clamp: .*no option mn; did you mean min\?/],
  ['sum(1, true)', () => x.sum(1, true), /^sum: got true where .*{ keepdim: … }$/],
  ['mean(0, 1)', () => x.mean(0, 1), /^mean: got 1 where .*keepdim/],
  ['sum keepDim', () => x.sum(1, { keepDim: true }), /^sum: .*keepDim; did you mean keepdim\?/],
  ['amax keepdims', () => x.amax(1, { keepdims: true }), /^amax: .*did you mean keepdim\?/],
  ['max(1, true)', () => x.max(1, true), /^max: got true where .*keepdim/],
  ['variance', () => x.variance(1, { correction: 0 }), /^variance: .*correction; known are unb/],
  ['std', () => x.std(1, false), /^variance: got false/],
  ['slice end', () => x.slice(1, { end: 3 }), /^slice: .*no option end; known are start, stop/],
  ['slice(1, 3)', () => x.slice(0, 1), /^slice: got 1 where .*{ start: …, stop: …, step: … }$/],
  ['tensor shape', () => tensor(new Float32Array(4), [2, 2]), /^tensor: got \[2, 2\] .*{ shape: …/],
  ['zeros dtype', () => zeros([2], 'i32'), /^zeros: got 'i32' where .*{ dtype: …, requiresGrad/],
  [
    'requires_grad',
    () => ones([2], { requires_grad: true }),
    /^ones: .*did you mean requiresGrad\?/,
  ],
  ['rand', () => rand([2], { device: 'gpu' }), /^rand: .*no option device; known are dtype/],
  ['gelu', () => x.gelu('tanh'), /^gelu: got 'tanh' where .*{ approximate: … }$/],
  ['gelu word', () => x.gelu({ approximate: 'tan' }), /^gelu: approximate is 'tan'.*'tanh'$/],
  ['softplus', () => x.softplus(2), /^softplus: got 2 where .*{ beta: …/],
  ['dropout', () => x.dropout(0.5, false), /^dropout: got false where .*{ training: … }$/],
  ['mseLoss', () => ops.mseLoss(x, x, 'sum'), /^mseLoss: got 'sum' where .*{ reduction: … }$/],
  ['crossEntropy', () => ops.crossEntropy(x, x, { ignore_index: 1 }), /did you mean ignoreIndex\?/],
  ['conv2d', () => ops.conv2d(image, image, null, 2), /^conv2d: got 2 where .*{ stride: …/],
  ['maxPool2d', () => ops.maxPool2d(image, 2, 2), /^maxPool2d: got 2 where .*{ stride: …/],
  ['avgPool2d', () => ops.avgPool2d(image, 2, 2), /^avgPool2d: got 2 where .*{ stride: …/],
  ['interpolate', () => ops.interpolate(image, 2), /^interpolate: got 2 where .*{ size: …/],
  ['layerNorm', () => ops.layerNorm(x, 3, ones([3])), /^layerNorm: got Tensor \[3\].*{ weight: …/],
  ['Conv2d', () => new nn.Conv2d(1, 4, 3, 1, 1), /^Conv2d: got 1 where .*stride: …, padding: …/],
  ['Conv1d', () => new nn.Conv1d(1, 4, 3, { pading: 1 }), /^Conv1d: .*did you mean padding\?/],
  ['Linear', () => new nn.Linear(2, 3, false), /^Linear: got false where .*{ bias: … }$/],
  ['MaxPool2d', () => new nn.MaxPool2d(2, 2), /^MaxPool2d: got 2 where .*{ stride: …/],
  ['AvgPool2d', () => new nn.AvgPool2d(2, 2), /^AvgPool2d: got 2 where .*{ stride: …/],
  ['Upsample', () => new nn.Upsample(2), /^Upsample: got 2 where .*{ size: …/],
  ['BatchNorm', () => new nn.BatchNorm2d(4, 1e-5), /^BatchNorm2d: got 0.00001 where .*{ affine/],
  ['LayerNorm', () => new nn.LayerNorm(4, { epsilon: 1 }), /^LayerNorm: .*epsilon; known are aff/],
  ['GroupNorm', () => new nn.GroupNorm(2, 4, 1e-5), /^GroupNorm: got 0.00001 where/],
  ['Embedding', () => new nn.Embedding(2, 4, 0), /^Embedding: got 0 where .*{ paddingIdx: … }$/],
  ['MSELoss', () => new nn.MSELoss('sum'), /^MSELoss: got 'sum' where .*{ reduction: … }$/],
  ['HuberLoss', () => new nn.HuberLoss({ beta: 1 }), /^HuberLoss: .*beta; .*reduction, delta$/],
  ['CrossEntropyLoss', () => new nn.CrossEntropyLoss(ones([3])), /^CrossEntropyLoss: got Tensor/],
  ['GELU', () => new nn.GELU('tanh'), /^GELU: got 'tanh' where .*{ approximate: … }$/],
  ['Adam lr', () => new nn.Adam(model().parameters(), 1e-3), /^Adam: got 0.001 where .*{ lr: …/],
  ['AdamW lr', () => new nn.AdamW(model().parameters(), 1e-3), /^AdamW: got 0.001 where .*{ lr/],
  ['SGD', () => new nn.SGD(model().parameters(), 0.1), /^SGD: got 0.1 where .*{ lr: …/],
  [
    'Adam name',
    () => new nn.Adam(model().parameters(), { learningRate: 1 }),
    /known are lr, betas/,
  ],
  [
    'AdamW name',
    () => new nn.AdamW(model().parameters(), { weight_decay: 1 }),
    /mean weightDecay\?/,
  ],
  [
    'group',
    () => new nn.SGD([{ params: model().parameters(), wightDecay: 1 }]),
    /^SGD: .*mean weightDecay\?/,
  ],
  ['StepLR', () => new nn.StepLR(optimizer, 30), /^StepLR: got 30 where .*{ stepSize: …/],
  ['Cosine', () => new nn.CosineAnnealingLR(optimizer, { T_max: 5 }), /did you mean tMax\?/],
  ['OneCycleLR', () => new nn.OneCycleLR(optimizer, { max_lr: 5 }), /did you mean maxLr\?/],
  ['Plateau', () => new nn.ReduceLROnPlateau(optimizer, 'min'), /got 'min' where .*{ mode: …/],
  ['clipGradNorm', () => nn.clipGradNorm([x], 1, 2), /^clipGradNorm: got 2 .*{ normType: … }$/],
  ['init', () => nn.init.kaimingUniform(ones([2, 2]), { fan: 1 }), /^init: .*no option fan/],
  ['compile', () => compile(() => x, 3), /^compile: got 3 where .*{ verify: …/],
  ['backward', () => leaf().sum().backward(undefined, true), /^backward: got true.*{ retainGraph/],
  ['grad', () => ops.grad(leaf().sum(), leaf(), ones([])), /^grad: got Tensor \[\].*{ dy: …/],
  ['summary', () => model().summary([1, 2], 'i32'), /^summary: got 'i32' where .*{ dtype: … }$/],
  ['loadStateDict', () => model().loadStateDict({}, false), /got false where .*{ strict: … }$/],
  ['DataLoader', () => new data.DataLoader(samples(), 32), /^DataLoader: got 32 .*{ batchSize: …/],
  ['DataLoader name', () => loader({ batch_size: 2 }), /^DataLoader: .*did you mean batchSize\?/],
  ['DataLoader epoch', () => loader({ batchSize: 2, epoch: 1 }), /^DataLoader: .*no option epoch/],
  ['drawDigits', () => data.drawDigits(10), /^drawDigits: got 10 where .*{ count: …, seed: … }$/],
]

/** Things of another kind. */
const kinds: Call[] = [
  ['to int32', () => x.to('int32'), /^to: dtype is 'int32'; it must be 'f32', 'i32', 'u32' or/],
  [
    'float32',
    () => tensor([1], { dtype: 'float32' }),
    /^tensor: dtype is 'float32'; it must be 'f32'/,
  ],
  ['zeros float', () => zeros([1], { dtype: 'float' }), /^zeros: dtype is 'float'/],
  ['zeros(2, 3)', () => zeros(2, 3), /^zeros: shape is 2; .*in a list such as \[2, 3\]/],
  ['rand(2)', () => rand(2), /^rand: shape is 2; .*in a list/],
  ['full', () => full([2], 'a'), /^full: the value is 'a'; it must be a number or a truth value/],
  [
    'uniform',
    () => uniform([2], Number.NaN, 1),
    /^uniform: low is NaN; it must be a finite number/,
  ],
  ['normal', () => ops.normal([2], 0, '1'), /^normal: std is '1'; it must be a finite number/],
  ['mean({ dim })', () => x.mean({ dim: 1 }), /^mean: dims is {"dim":1}; it must be a number or a/],
  ['argmax({ dim })', () => x.argmax({ dim: 1 }), /^argmax: dim is {"dim":1}; a tensor of rank/],
  [
    'tensor of bigints',
    () => tensor(new BigInt64Array(2)),
    /^tensor: .* big integers; .*Int32Array/,
  ],
  [
    'tensor of tensors',
    () => tensor([x, x]),
    /^tensor: object among the values; .*stack\(\) joins/,
  ],
  ['reshape(3, 2)', () => x.reshape(3, 2), /^reshape: the shape is 3; .*reshape\(x, \[3, 1\]\)/],
  ['reshape()', () => x.reshape(), /^reshape: the shape is undefined; it must be a list/],
  ['permute(1, 0)', () => x.permute(1, 0), /^permute: dims is 1; .*permute\(x, \[1, 0\]\)/],
  ['expand(2, 3)', () => x.expand(2, 3), /^expand: the shape is 2; .*expand\(x, \[2, 3\]\)/],
  ['expand 2.5', () => ones([1]).expand([2.5]), /^expand: \[1\] to \[2.5\]/],
  ['select 1.5', () => x.select(0, 0.5), /^select: the index is 0.5; it must be a whole number/],
  [
    'slice 0.5',
    () => x.slice(0, { start: 0.5 }),
    /^slice: start is 0.5; it must be a whole number/,
  ],
  ['narrow 1.5', () => x.narrow(0, 0, 1.5), /^narrow: length is 1.5; it must be a whole number/],
  ['cat(a, b)', () => ops.cat(x, x), /^cat: the first argument is Tensor .*cat\(\[a, b\], dim\)/],
  ['stack(a, b)', () => ops.stack(x, x), /^stack: the first argument is Tensor .*stack\(\[a, b\]/],
  ['cat numbers', () => ops.cat([x, 1]), /^cat: got 1 where a tensor belongs/],
  ['matmul 2', () => x.matmul(2), /^matmul: got 2 where a tensor belongs/],
  [
    'matmul',
    () => ops.matmul(x),
    /^matmul: got undefined where a tensor belongs; tensor\(…\) makes/,
  ],
  ['add', () => x.add([1, 2, 3]), /^add: got \[1, 2, 3\]; operands are tensors or numbers/],
  ['relu', () => ops.relu([1]), /^relu: got \[1\] where a tensor belongs/],
  ['sum', () => ops.sum([1]), /^sum: got \[1\] where a tensor belongs/],
  ['where', () => ops.where(true, x, x), /^where: got true where a tensor belongs/],
  [
    'leakyRelu',
    () => x.leakyRelu({ slope: 1 }),
    /^leakyRelu: slope is a plain object; it must be a fi/,
  ],
  ['Softmax', () => new nn.Softmax(), /^Softmax: dim is undefined; it must be a whole number/],
  ['forward', () => model().forward([[1]]), /^linear: got \[\[1\]\] where a tensor belongs/],
  [
    'labels',
    () => ops.crossEntropy(x, tensor([0, 1])),
    /classes must be i32: convert with to\('i32'\)/,
  ],
  ['keep', () => ops.keep(5), /^keep: got 5 where a tensor belongs/],
  ['scope', () => scope(5), /^scope: got 5 where a function belongs/],
  ['noGrad', () => noGrad(x), /^noGrad: got Tensor .* where a function belongs/],
  ['compile', () => compile(x), /^compile: got Tensor .* where a function belongs/],
  ['grad', () => ops.grad(leaf().sum(), 5), /^grad: got 5 where a tensor belongs/],
  ['backward', () => leaf().sum().backward(1), /^backward: got 1 where a tensor belongs/],
  [
    'Adam(model)',
    () => new nn.Adam(model()),
    /^Adam: got an object of class Linear .*pass model.param/,
  ],
  ['Adam(numbers)', () => new nn.Adam([1]), /^Adam: /],
  [
    'StepLR',
    () => new nn.StepLR(model(), { stepSize: 1 }),
    /^StepLR: got an object of class Linear wh/,
  ],
  [
    'clip',
    () => nn.clipGradNorm(model(), 1),
    /^clipGradNorm: got an object of class Linear where a ten/,
  ],
  [
    'Sequential',
    () => new nn.Sequential([model()]),
    /^Sequential: argument 0 is \[an object of class Linear\]; .*\(\.\.\.list\)$/,
  ],
  [
    'ModuleList',
    () => new nn.ModuleList(model()),
    /^ModuleList: got .* where a list belongs: new Mod/,
  ],
  [
    'ModuleList 1',
    () => new nn.ModuleList([1]),
    /^ModuleList: argument 0 is 1; all must be modules/,
  ],
  ['Conv2d', () => new nn.Conv2d(1, 4), /^Conv2d: kernelSize is undefined; one whole number/],
  [
    'Conv2d padding',
    () => new nn.Conv2d(1, 4, 3, { stride: 2, padding: 'same' }),
    /^Conv2d: padding is 'same'; one whole number from 0 up, or two/,
  ],
  [
    'Conv1d stride',
    () => new nn.Conv1d(1, 4, 3, { stride: [1, 2] }),
    /^Conv1d: stride is \[1, 2\]; one whole number from 1 up$/,
  ],
  [
    'ConvTranspose2d outputPadding',
    () => new nn.ConvTranspose2d(1, 4, 3, { outputPadding: 1 }),
    /^ConvTranspose2d: outputPadding is \[1, 1\]; it must be smaller than stride \[1, 1\] or/,
  ],
  [
    'ConvTranspose1d dilation',
    () => new nn.ConvTranspose1d(1, 4, 3, { dilation: 0 }),
    /^ConvTranspose1d: dilation is 0; one whole number from 1 up$/,
  ],
  [
    'MaxPool2d padding',
    () => new nn.MaxPool2d(2, { padding: 2 }),
    /^MaxPool2d: padding is \[2, 2\]; at most half the kernel \[2, 2\]/,
  ],
  [
    'AvgPool1d stride',
    () => new nn.AvgPool1d(2, { stride: 0.5 }),
    /^AvgPool1d: stride is 0.5; one whole number from 1 up$/,
  ],
  [
    'AvgPool2d divisor',
    () => new nn.AvgPool2d(2, { divisorOverride: 0 }),
    /^AvgPool2d: divisorOverride is 0; it must be a whole number above 0/,
  ],
  ['state', () => model().loadStateDict(5), /^loadStateDict: got 5 where tensors by name belong/],
  [
    'host',
    () => model().loadStateDict({ bias: [1] }),
    /^loadStateDict: bias is \[1\]; it must be a ten/,
  ],
  [
    'promise',
    () => io.encodeSafetensors(Promise.resolve({})),
    /^safetensors: got a promise \(await it\)/,
  ],
  [
    'encode',
    () => io.encodeSafetensors({ x }),
    /^safetensors: x is Tensor .* await io.toHost\(state\)/,
  ],
  [
    'a set of images',
    () => new data.DataLoader(data.drawDigits({ count: 1 }), { batchSize: 1 }),
    /^DataLoader: x is undefined .*; here x: data.pixels\(set\), y: set.labels$/,
  ],
  [
    'samples',
    () => new data.DataLoader(x, { batchSize: 1 }),
    /^DataLoader: x is undefined and shape \[2/,
  ],
  [
    'digits',
    () => data.drawDigits({ count: 1e9 }),
    /^drawDigits: count is 1000000000; it must be at most/,
  ],
]

/** Numbers that a dtype or a count cannot hold. */
const numbers: Call[] = [
  ['i32', () => tensor([0, 3e9], { dtype: 'i32' }), /^tensor: element 1 is 3000000000; i32 holds/],
  [
    'i32 NaN',
    () => tensor([Number.NaN], { dtype: 'i32' }),
    /^tensor: the value is NaN; i32 holds whole/,
  ],
  [
    'u32',
    () => tensor([1, -1], { dtype: 'u32' }),
    /^tensor: element 1 is -1; u32 holds .* from 0 to/,
  ],
  ['full', () => full([2], 3e9, { dtype: 'i32' }), /^full: the value is 3000000000; i32 holds/],
  [
    'fullLike',
    () => ops.fullLike(arange(3), -3e9),
    /^fullLike: the value is -3000000000; i32 holds/,
  ],
  ['add', () => arange(3).add(3e9), /^add: the value is 3000000000; i32 holds/],
  ['where', () => ops.where(x.greater(0), arange(3), 3e9), /^where: the value is 3000000000; i32/],
  ['arange', () => arange(2147483646, 2147483650), /^arange: element 2 is 2147483648; i32 holds/],
  ['arange n', () => arange(1e10), /^arange: 10000000000 elements/],
  ['eye', () => eye(1e6), /^memory: \d+ MB in one tensor/],
  [
    'I64',
    () => io.fromHost({ n: host([5n, 2n ** 33n]) }),
    /^fromHost: n: element 1 is 8589934592; i32/,
  ],
  [
    'ignoreIndex',
    () => ops.crossEntropy(x, arange(2), { ignoreIndex: 2 ** 32 - 100 }),
    /^crossEntropy: ignoreIndex: the value is 4294967196; i32 holds/,
  ],
  [
    'stride',
    () => ops.maxPool2d(image, 2, { stride: 2 ** 32 }),
    /^maxPool2d: stride is 4294967296;/,
  ],
  [
    'betas',
    () => new nn.Adam([leaf()], { betas: 0.9 }),
    /^Adam: betas is 0.9; it must be a list: \[0.9/,
  ],
  ['expand', () => ones([1]).expand([2 ** 32 + 5]), /^expand: \[4294967301\] has 4294967301 el/],
  ['expand', () => ones([1]).expand([2 ** 20, 2 ** 20]), /^expand: .*1099511627776 elements/],
]

const model = () => new nn.Linear(2, 2)
const leaf = () => tensor([1, 2], { requiresGrad: true })
const samples = () => ({ x: new Float32Array(4), shape: [2] })
const loader = (options: unknown) => new data.DataLoader(samples(), options)
const host = (values: bigint[]) => ({
  dtype: 'I64',
  shape: [values.length],
  data: BigInt64Array.from(values),
})

for (const [kind, rows] of Object.entries({ options, kinds, numbers }))
  for (const [call, f, words] of rows) test(`${kind}: ${call}`, () => assert.throws(f, words))

test('what is allowed stays so', async () => {
  assert.is(x.sum(undefined, { keepdim: undefined }).rank, 0)
  assert.equal(await tensor([1.9, -1.9], { dtype: 'i32' }).array(), [1, -1])
  assert.equal(await tensor([true, false], { dtype: 'i32' }).array(), [1, 0])
  assert.equal(await full([1], -(2 ** 31), { dtype: 'i32' }).array(), [-(2 ** 31)])
  const far = tensor([3e9, -3e9, Infinity])
  assert.equal(await far.to('i32').array(), [2 ** 31 - 128, -(2 ** 31), 2 ** 31 - 128])
  assert.equal(await far.to('u32').array(), [3e9, 0, 2 ** 32 - 256])
  assert.equal(await full([1], 2 ** 32 - 1, { dtype: 'u32' }).array(), [2 ** 32 - 1])
  assert.equal(await eye(2, 3, { dtype: 'i32' }).array(), [
    [1, 0, 0],
    [0, 1, 0],
  ])
  assert.is(new nn.AdamW([leaf()], { weightDecay: undefined }).groups[0].weightDecay, 0.01)
})

test('a value that holds itself is refused in a scope', () => {
  const circle: Untyped = { t: x }
  circle.again = { circle }
  assert.throws(
    () => scope(() => circle),
    /^scope: the function returned a value that holds itself/,
  )
  const twice = ones([1])
  assert.equal(Object.keys(scope(() => ({ a: twice, b: [twice, twice] }))), ['a', 'b'])
})

test('a module that holds its parent is refused, with the remedy', () => {
  class Parent extends nn.Module {
    child = new nn.Linear(2, 2)
  }
  for (const walk of ['parameters', 'train', 'eval', 'stateDict', 'numParameters']) {
    const parent = new Parent()
    parent.child.parent = parent
    assert.throws(() => parent[walk](), /^Parent: one of its modules holds it.*#parent/)
    assert.throws(() => parent.child[walk](), /^Linear: one of its modules holds it/)
    parent.child.parent = null
    parent[walk]() // and leaves nothing behind
  }
})

test('an array or object of modules as a property is refused, with the remedy', () => {
  class Stack extends nn.Module {
    layers = [new nn.Linear(2, 2)]
  }
  class Heads extends nn.Module {
    heads = { digit: new nn.Linear(2, 2) }
  }
  assert.throws(() => new Heads().parameters(), /^Heads: heads is an object of modules.*ModuleDict/)
  assert.throws(() => new Stack().parameters(), /^Stack: layers is an array of modules.*ModuleList/)
})

test('a transposed scalar keeps its gradient', async () => {
  const a = tensor(3, { requiresGrad: true })
  a.transpose(0, 0).mul(2).backward()
  assert.is(await a.grad.item(), 2)
})

test('many dimensions become text', async () => {
  const text = await zeros([8, 8, 8, 8, 8, 8, 8], { dtype: 'bool' }).text()
  assert.match(text, /^Tensor \[8, 8, 8, 8, 8, 8, 8\] bool/)
})

test('a tensor that is called __proto__ survives a file', async () => {
  const state = Object.fromEntries([['__proto__', tensor([1, 2])]])
  const bytes = io.encodeSafetensors(await io.toHost(state))
  const { tensors } = io.decodeSafetensors(bytes)
  assert.equal(Object.keys(tensors), ['__proto__'])
  assert.equal([...Object.values(tensors as Record<string, Untyped>)[0].data], [1, 2])
})

test.run()
