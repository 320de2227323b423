/** One row for every layer: the same function in float64 of its inputs and parameters. */
import { nn, type Tensor } from '../../src/index.js'
import { between, shapeOf, size, sometimes } from './generate.js'
import { type LayerName, type LayerRow, shell } from './layer.js'
import { at, fill } from './reference.js'
import { curved, ofTerms, on } from './row.js'
import { bce, bceWithLogits } from './rows/losses.js'
import { ofClasses } from './rows/nll.js'
import { batchNorm, groupNorm, layerNorm } from './rows/norm.js'
import { rmsNorm } from './rows/rmsnorm.js'
import { logShares } from './rows/softmax.js'
import {
  encoderLayer,
  flatLstm,
  flatLstmCell,
  headed,
  multihead,
  oneStep,
  recurrent,
} from './sequences.js'
import { table } from './table.js'

const { linear, tanh, conv1d, conv2d, convTranspose1d, convTranspose2d, embedding } = table

/** A ModuleList has no forward: a module that applies the layers of one in order. */
class Chain extends nn.Module {
  readonly links: nn.ModuleList

  constructor(features: number) {
    super()
    this.links = new nn.ModuleList([
      new nn.Linear(features, 3, { bias: false }),
      new nn.Linear(3, 2),
    ])
  }

  forward(x: Tensor): Tensor {
    let y = x
    for (const link of this.links) y = link.forward(y).tanh()
    return y
  }
}

/** A ModuleDict has no forward: a module that applies one of its modules. */
class Heads extends nn.Module {
  readonly heads: nn.ModuleDict<{ second: nn.Linear }>

  constructor(features: number) {
    super()
    this.heads = new nn.ModuleDict({ second: new nn.Linear(features, 2) })
  }

  forward(x: Tensor): Tensor {
    return this.heads.get('second').forward(x)
  }
}

// biome-ignore format: a table reads in columns
export const layers: Readonly<Record<LayerName, LayerRow>> = {
  ReLU:    shell('relu'),
  Tanh:    shell('tanh'),
  Sigmoid: shell('sigmoid'),
  LeakyReLU: shell('leakyRelu'),
  SiLU:    shell('silu'),
  GELU:    shell('gelu'),
  Softplus: shell('softplus'),
  Upsample: shell('interpolate'),
  Identity: {
    f: ([x]) => x,
    cases: [on([[5, 7]]), on([[]]), on([[0, 3]])],
    linear: true,
    tolerance: 'exact',
  },
  Flatten: {
    f: ([x], _, start = 1, end = -1) => table.flatten.f(x, start, end),
    cases: [on([[5, 7]]), on([[2, 3, 4]]), on([[2, 3, 4]], 0, 1), on([[0, 3, 2]]), on([[2, 3, 1, 2, 3, 2]], -5, -2)],
    linear: true,
    tolerance: 'exact',
  },
  Unflatten: {
    f: ([x], _, dim: number, sizes: number[]) => {
      const at = dim < 0 ? dim + x.shape.length : dim
      const known = sizes.reduce((product, size) => (size < 0 ? product : product * size), 1)
      const to = sizes.map(size => (size < 0 ? x.shape[at] / known : size))
      return { data: x.data, shape: x.shape.toSpliced(at, 1, ...to) }
    },
    cases: [on([[5, 12]], 1, [2, 3, 2]), on([[12, 5]], -2, [4, -1]), on([[6]], 0, [1, 6]), on([[0, 4]], 1, [2, 2])],
    linear: true,
    tolerance: 'exact',
  },
  MSELoss: shell('mseLoss'),
  L1Loss:  shell('l1Loss'),
  SmoothL1Loss: shell('smoothL1Loss'),
  HuberLoss: shell('huberLoss'),
  KLDivLoss: shell('klDiv'),
  Softmax: shell('softmax'),
  LogSoftmax: shell('logSoftmax'),
  BCELoss: {
    ...curved, from: 'share',
    f: ([x, t], _, options) => bce(x, t, null, options),
    cases: [on([[5, 7], [5, 7]]), on([[257], [257]], { reduction: 'sum' })],
  },
  BCEWithLogitsLoss: {
    ...curved, from: ['apart', 'share'],
    f: ([x, t], _, options) => bceWithLogits(x, t, null, null, options),
    cases: [on([[5, 7], [5, 7]]), on([[257], [257]], { reduction: 'sum' })],
  },
  NLLLoss: {
    ...curved, from: ['any', { below: 4 }],
    f: ([x, t], _, options) => ofClasses(x, t, null, options),
    cases: [on([[6, 4], [6]]), on([[6, 4, 3], [6, 3]], { ignoreIndex: 1, reduction: 'none' })],
  },
  CrossEntropyLoss: {
    ...curved, from: ['any', { below: 4 }],
    f: ([x, t], _, options) => ofClasses(logShares(x, 1), t, null, options),
    cases: [on([[6, 4], [6]]), on([[6, 4, 3], [6, 3]], { ignoreIndex: 1, labelSmoothing: 0.1 })],
  },
  Linear: {
    f: ([x], { weight, bias }) => linear.f(x, weight, bias),
    cases: [
      on([[5, 7]], 7, 3), on([[2, 5, 7]], 7, 3, { bias: false }), on([[7]], 7, 3), on([[65, 9]], 9, 69), on([[0, 7]], 7, 3),
    ],
    generate(random) {
      const [batch, features] = [shapeOf(random).slice(0, between(random, 0, 2)), size(random)]
      return ofTerms(features, on([[...batch, features]], features, size(random), { bias: sometimes(random, 0.7) }))
    },
    linear: [[0, 2], [1, 2]],
  },
  HalfLinear: {
    make: (features: number, outputs: number, options?: object) => {
      const layer = new nn.Linear(features, outputs, options)
      nn.init.constant(layer.weight, -0.3125) // halves have it exactly
      return new nn.HalfLinear(layer)
    },
    f: ([x], { bias }, features: number, outputs: number) => linear.f(x, fill([outputs, features], () => -0.3125), bias),
    cases: [on([[5, 7]], 7, 3), on([[2, 5, 8]], 8, 3, { bias: false }), on([[7]], 7, 3), on([[65, 9]], 9, 69), on([[0, 7]], 7, 3)],
    linear: true,
  },
  Conv2d: {
    f: ([x], { weight, bias }, _in: number, _out: number, _kernel: unknown, options = {}) => conv2d.f(x, weight, bias, options),
    cases: [
      on([[2, 3, 5, 7]], 3, 4, 3), on([[2, 4, 6, 5]], 4, 6, [2, 3], { groups: 2, bias: false, stride: 2, padding: [1, 2] }),
      on([[4, 9, 9]], 4, 4, 3, { dilation: 2, groups: 4 }),
    ],
    linear: [[0, 2]],
    tolerance: 'summed',
  },
  ConvTranspose2d: {
    f: ([x], { weight, bias }, _in: number, _out: number, _kernel: unknown, options = {}) => convTranspose2d.f(x, weight, bias, options),
    cases: [
      on([[2, 3, 5, 7]], 3, 4, 3), on([[2, 4, 3, 5]], 4, 6, [2, 3], { groups: 2, bias: false, stride: 2, outputPadding: 1 }),
      on([[8, 2, 2]], 8, 1, 5, { stride: 3, padding: 1 }),
    ],
    linear: [[0, 2]],
    tolerance: 'summed',
  },
  Conv1d: {
    f: ([x], { weight, bias }, _in: number, _out: number, _kernel: number, options = {}) => conv1d.f(x, weight, bias, options),
    cases: [on([[2, 3, 9]], 3, 4, 3), on([[4, 9]], 4, 2, 2, { groups: 2, stride: 2, bias: false })],
    linear: [[0, 2]],
    tolerance: 'summed',
  },
  MaxPool2d: shell('maxPool2d'),
  AvgPool2d: shell('avgPool2d'),
  AdaptiveAvgPool2d: shell('adaptiveAvgPool2d'),
  BatchNorm1d: {
    f: ([x], { weight, bias }) => batchNorm(x, weight, bias, null, null, { training: true }),
    cases: [on([[8, 5]], 5), on([[4, 3, 7]], 3, { affine: false })],
    from: ['distinct', 'any', 'any'],
    tolerance: 'summed',
  },
  BatchNorm2d: {
    f: ([x], { weight, bias }) => batchNorm(x, weight, bias, null, null, { training: true }),
    cases: [on([[4, 3, 5, 6]], 3), on([[3, 2, 4, 4]], 2, { trackRunningStats: false })],
    from: ['distinct', 'any', 'any'],
    tolerance: 'summed',
  },
  LayerNorm: {
    f: ([x], { weight, bias }, shape: number | number[]) => layerNorm(x, shape, weight, bias),
    cases: [on([[5, 7]], 7), on([[2, 3, 4]], [3, 4], { affine: false })],
    from: ['distinct', 'any', 'any'],
    tolerance: 'summed',
  },
  GroupNorm: {
    f: ([x], { weight, bias }, groups: number) => groupNorm(x, groups, weight, bias),
    cases: [on([[5, 8]], 2, 8), on([[2, 6, 3, 3]], 3, 6, { affine: false })],
    from: ['distinct', 'any', 'any'],
    tolerance: 'summed',
  },
  Dropout2d: { f: ([x]) => x, make: (p: number) => new nn.Dropout2d(p).eval(), cases: [on([[2, 3, 4, 5]], 0.5)] },
  ELU: shell('elu'),
  SELU: shell('selu'),
  CELU: shell('celu'),
  Hardtanh: shell('hardtanh'),
  ReLU6: shell('relu6'),
  Hardsigmoid: shell('hardsigmoid'),
  Hardswish: shell('hardswish'),
  Mish: shell('mish'),
  PReLU: {
    f: ([x], { weight }) => fill(x.shape, i => {
      const [v, [a]] = [at(x, i), weight.data.length > 1 ? [weight.data[i[1]]] : weight.data]
      return v > 0 ? v : a * v
    }),
    cases: [on([[5, 7]]), on([[2, 3, 4]], 3), on([[]]), on([[0, 3]], 3, 0.1)],
    from: ['apart', 'any'],
  },
  ConvTranspose1d: {
    f: ([x], { weight, bias }, _in: number, _out: number, _kernel: number, options = {}) => convTranspose1d.f(x, weight, bias, options),
    cases: [on([[2, 3, 9]], 3, 4, 3), on([[4, 9]], 4, 2, 2, { groups: 2, stride: 2, bias: false, outputPadding: 1 }), on([[1, 2, 5]], 2, 2, 3, { padding: 1, dilation: 2 })],
    linear: [[0, 2]],
    tolerance: 'summed',
  },
  MaxPool1d: shell('maxPool1d'),
  AvgPool1d: shell('avgPool1d'),
  InstanceNorm1d: {
    f: ([x], { weight, bias }) => groupNorm(x, x.shape[1], weight, bias),
    cases: [on([[4, 3, 7]], 3), on([[2, 2, 5]], 2, { affine: true, trackRunningStats: true })],
    from: ['distinct', 'any', 'any'],
    tolerance: 'summed',
  },
  InstanceNorm2d: {
    f: ([x], { weight, bias }) => groupNorm(x, x.shape[1], weight, bias),
    cases: [on([[2, 3, 5, 6]], 3), on([[3, 2, 4, 4]], 2, { affine: true })],
    from: ['distinct', 'any', 'any'],
    tolerance: 'summed',
  },
  RMSNorm: {
    f: ([x], { weight }, shape: number | number[], { eps }: { eps?: number } = {}) => rmsNorm(x, shape, weight, eps),
    cases: [on([[5, 7]], 7), on([[2, 3, 4]], [3, 4], { affine: false }), on([[2, 3, 4]], 4, { eps: 0.1 })],
    from: 'nonzero',
    tolerance: 'summed',
  },
  MultiheadAttention: {
    make: headed,
    f: (xs, p, _e: number, count: number, { isCausal = false }: { isCausal?: boolean } = {}) => multihead(xs, p, { count, isCausal }),
    cases: [
      on([[2, 5, 6]], 6, 2), on([[2, 5, 6], [2, 3, 6]], 6, 3, { bias: false }), on([[1, 2, 4], [1, 3, 4], [1, 3, 4]], 4, 1),
      on([[2, 4, 4]], 4, 2, { isCausal: true }), on([[2, 5, 6]], 6, 2, { needWeights: true }),
    ],
    tolerance: 'summed',
  },
  TransformerEncoderLayer: {
    f: ([x], p, _e: number, count: number, { normFirst = false }) => encoderLayer(x, p, count, normFirst),
    cases: [
      on([[2, 3, 4]], 4, 2, { dimFeedforward: 5, dropout: 0, batchFirst: true }),
      on([[1, 3, 4]], 4, 1, { dimFeedforward: 3, dropout: 0, batchFirst: true, normFirst: true }),
    ],
    tolerance: 'summed',
  },
  LSTM: {
    make: flatLstm,
    f: (xs, p, _in: number, hidden: number, options) => recurrent('LSTM', xs, p, hidden, options),
    cases: [
      on([[3, 2, 4]], 4, 3), on([[2, 1, 3], [4, 1, 2], [4, 1, 2]], 3, 2, { numLayers: 2, bidirectional: true }),
      on([[2, 5, 3]], 3, 2, { batchFirst: true, bias: false }), on([[3, 2, 4]], 4, 8, { bidirectional: true }),
    ],
    ...curved,
  },
  GRU: {
    f: (xs, p, _in: number, hidden: number, options) => recurrent('GRU', xs, p, hidden, options),
    cases: [
      on([[3, 2, 4]], 4, 3), on([[2, 1, 3], [4, 1, 2]], 3, 2, { numLayers: 2, bidirectional: true }),
      on([[2, 5, 3]], 3, 2, { batchFirst: true, bias: false }), on([[3, 2, 4]], 4, 8, { bidirectional: true }),
    ],
    ...curved,
  },
  RNN: {
    f: (xs, p, _in: number, hidden: number, options) => recurrent('RNN', xs, p, hidden, options),
    cases: [on([[3, 2, 4]], 4, 3), on([[2, 1, 3], [4, 1, 2]], 3, 2, { numLayers: 2, bidirectional: true })],
    ...curved,
  },
  LSTMCell: {
    make: flatLstmCell,
    f: (xs, p, _in: number, hidden: number) => oneStep('LSTM', xs, p, hidden),
    cases: [on([[2, 4]], 4, 3), on([[4], [2], [2]], 4, 2), on([[3, 4], [3, 4], [3, 4]], 4, 4, { bias: false })],
    ...curved,
  },
  GRUCell: {
    f: (xs, p, _in: number, hidden: number) => oneStep('GRU', xs, p, hidden)[0],
    cases: [on([[2, 4]], 4, 3), on([[4], [2]], 4, 2), on([[3, 4], [3, 4]], 4, 4, { bias: false })],
    ...curved,
  },
  RNNCell: {
    f: (xs, p, _in: number, hidden: number, { nonlinearity }: { nonlinearity?: string } = {}) =>
      oneStep(nonlinearity === 'relu' ? 'ReLU' : 'RNN', xs, p, hidden)[0],
    cases: [on([[2, 4]], 4, 3), on([[4], [2]], 4, 2), on([[3, 4], [3, 4]], 4, 4, { nonlinearity: 'relu' })],
    ...curved,
  },
  Dropout: { f: ([x]) => x, make: (p: number) => new nn.Dropout(p).eval(), cases: [on([[5, 7]], 0.5)] },
  Embedding: {
    f: ([index], { weight }) => embedding.f(index, weight),
    cases: [on([[5]], 9, 4), on([[2, 3]], 9, 1)],
    from: [{ below: 9 }, 'any'],
    linear: [[1]],
  },
  ModuleList: {
    make: (features: number) => new Chain(features),
    f: ([x], p) => tanh.f(linear.f(tanh.f(linear.f(x, p['links.0.weight'])), p['links.1.weight'], p['links.1.bias'])),
    cases: [on([[5, 7]], 7), on([[1, 1]], 1)],
    ...curved,
  },
  ModuleDict: {
    make: (features: number) => new Heads(features),
    f: ([x], p) => linear.f(x, p['heads.second.weight'], p['heads.second.bias']),
    cases: [on([[5, 7]], 7)],
    linear: [[0, 2], [1, 2]],
  },
  Sequential: {
    make: (features: number, hidden: number) =>
      new nn.Sequential(new nn.Linear(features, hidden), new nn.Sequential(new nn.Tanh(), new nn.Linear(hidden, 2))),
    f: ([x], p) => {
      const h = tanh.f(linear.f(x, p['0.weight'], p['0.bias']))
      return linear.f(h, p['1.1.weight'], p['1.1.bias'])
    },
    cases: [on([[5, 7]], 7, 3), on([[1, 1]], 1, 1), on([[0, 7]], 7, 3), on([[65, 9]], 9, 5)],
    generate(random) {
      const features = size(random)
      return ofTerms(features, on([[size(random, { empty: true }), features]], features, between(random, 1, 9)))
    },
    ...curved,
  },
}
