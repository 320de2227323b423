/** Random models, as the text that builds them. */
import { between, oneOf, sometimes } from '../ops/generate.js'
import type { Random } from '../ops/inputs.js'

export interface Layer {
  readonly text: string
  /** Of its result, without the batch. */
  readonly shape: readonly number[]
}

type Maker = (random: Random, shape: readonly number[]) => Layer | null

const same =
  (text: string | ((random: Random, shape: readonly number[]) => string)): Maker =>
  (random, shape) => ({ text: typeof text === 'string' ? text : text(random, shape), shape })

/** A layer for an image [c, h, w]. */
const image =
  (make: (random: Random, shape: readonly number[]) => Layer): Maker =>
  (random, shape) =>
    shape.length === 3 ? make(random, shape) : null

const bias = (random: Random) => (sometimes(random, 0.3) ? ', { bias: false }' : '')

const linear: Maker = (random, shape) => {
  const [k, n] = [shape.at(-1)!, between(random, 1, 9)]
  return { text: `new nn.Linear(${k}, ${n}${bias(random)})`, shape: [...shape.slice(0, -1), n] }
}

const conv = image((random, [c, h, w]) => {
  const [o, k, stride, padding] = [
    between(random, 1, 5),
    between(random, 1, Math.min(3, h, w)),
    between(random, 1, 2),
    between(random, 0, 1),
  ]
  const size = [h, w].map(n => Math.floor((n + 2 * padding - k) / stride) + 1)
  return {
    text: `new nn.Conv2d(${c}, ${o}, ${k}, { stride: ${stride}, padding: ${padding} })`,
    shape: [o, ...size],
  }
})

const transposed = image((random, [c, h, w]) => {
  const [o, k, stride] = [between(random, 1, 4), between(random, 1, 3), between(random, 1, 2)]
  const size = [h, w].map(n => (n - 1) * stride + k)
  return {
    text: `new nn.ConvTranspose2d(${c}, ${o}, ${k}, { stride: ${stride} })`,
    shape: [o, ...size],
  }
})

const pooled = (name: string) =>
  image((random, [c, h, w]) => {
    const k = between(random, 1, Math.min(2, h, w))
    return { text: `new nn.${name}(${k})`, shape: [c, Math.floor(h / k), Math.floor(w / k)] }
  })

const norm: Maker = (random, shape) => {
  if (shape.length === 3) {
    const kind = oneOf(random, ['Batch', 'Batch', 'Instance'])
    const tracked = kind === 'Instance' && sometimes(random) ? ', { trackRunningStats: true }' : ''
    return { text: `new nn.${kind}Norm2d(${shape[0]}${tracked})`, shape }
  }
  return shape.length === 1 ? { text: `new nn.BatchNorm1d(${shape[0]})`, shape } : null
}

/** A layer that reads a sequence [l, e]. */
const sequence: Maker = (random, shape) => {
  if (shape.length !== 2) return null
  const [l, e] = shape
  if (sometimes(random)) {
    const options = `dimFeedforward: 5, batchFirst: true, normFirst: ${sometimes(random)}`
    return { text: `new nn.TransformerEncoderLayer(${e}, 1, { ${options} })`, shape }
  }
  const [name, n, both] = [
    oneOf(random, ['LSTM', 'GRU', 'RNN']),
    between(random, 1, 4),
    sometimes(random),
  ]
  const made = `new nn.${name}(${e}, ${n}, { batchFirst: true, bidirectional: ${both} })`
  const first = 'rnn.registerForwardHook((_rnn, _x, [y]) => y)'
  return { text: `(rnn => { ${first}; return rnn })(${made})`, shape: [l, both ? 2 * n : n] }
}

/** Some layers as one. */
const nested: Maker = (random, shape) => {
  const inner = layersOf(
    [1, 2].map(() => random()),
    random,
    shape,
  )
  return {
    text: `new nn.Sequential(${inner.map(({ text }) => text).join(', ')})`,
    shape: inner.at(-1)?.shape ?? shape,
  }
}

const makers: readonly Maker[] = [
  linear,
  linear,
  linear,
  conv,
  conv,
  conv,
  transposed,
  pooled('MaxPool2d'),
  pooled('AvgPool2d'),
  image((_, [c, h, w]) => ({
    text: 'new nn.Upsample({ scaleFactor: 2 })',
    shape: [c, 2 * h, 2 * w],
  })),
  norm,
  norm,
  same((random, shape) => `new nn.${oneOf(random, ['Layer', 'RMS'])}Norm(${shape.at(-1)})`),
  sequence,
  (_, shape) => ({ text: `new nn.GroupNorm(1, ${shape[0]})`, shape }),
  same((random, shape) => {
    const name = shape.length > 1 && sometimes(random, 0.3) ? 'Dropout2d' : 'Dropout'
    return `new nn.${name}(${oneOf(random, [0.2, 0.5])})`
  }),
  same('new nn.ReLU()'),
  same('new nn.ReLU()'),
  same('new nn.Tanh()'),
  same('new nn.Sigmoid()'),
  same(
    random =>
      `new nn.${oneOf(random, ['LeakyReLU', 'SiLU', 'GELU', 'Softplus', 'Identity', 'ELU', 'Mish', 'PReLU', 'Hardtanh'])}()`,
  ),
  same('new nn.Softmax(-1)'),
  (_, shape) => ({ text: 'new nn.Flatten()', shape: [shape.reduce((a, b) => a * b)] }),
  (random, shape) => nested(random, shape),
]

/** A layer per number from 0 to 1; those that do not suit the shape are left out. */
export function layersOf(
  choices: readonly number[],
  random: Random,
  start: readonly number[],
): Layer[] {
  const layers: Layer[] = []
  let shape = start
  for (const choice of choices) {
    const layer = makers[Math.floor(choice * makers.length)](random, shape)
    if (!layer || layer.shape.reduce((a, b) => a * b) > 400) continue
    layers.push(layer)
    shape = layer.shape
  }
  return layers
}
