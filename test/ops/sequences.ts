/** Layers of sequences in float64: attention and the recurrent ones. */
import { nn, type Tensor } from '../../src/index.js'
import { at, fill, type Grid, matmul, part, permute, reshape, transpose, zip } from './reference.js'
import { attention } from './rows/attention.js'
import { layerNorm } from './rows/norm.js'

type Parameters = Readonly<Record<string, Grid>>

const add = (a: Grid, b: Grid) => zip((x, y) => x + y, a, b)
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
/** x Wᵀ + b */
const affine = (x: Grid, w: Grid, b?: Grid) => {
  const flat = reshape(x, [x.data.length / w.shape[1], w.shape[1]])
  const y = matmul(flat, transpose(w))
  return reshape(b ? add(y, b) : y, [...x.shape.slice(0, -1), w.shape[0]])
}
const heads = (x: Grid, h: number) =>
  permute(reshape(x, [...x.shape.slice(0, 2), h, x.shape[2] / h]), [0, 2, 1, 3])

/** For tensors with the batch first. `named` has the parameters under names with this prefix. */
export function multihead(
  [query, key = query, value = key]: Grid[],
  named: Parameters,
  { count, prefix = '', isCausal = false }: { count: number; prefix?: string; isCausal?: boolean },
): Grid {
  const e = query.shape[2]
  const w = named[`${prefix}in_proj_weight`]
  const b: Grid | undefined = named[`${prefix}in_proj_bias`]
  const [q, k, v] = [query, key, value].map((x, i) =>
    heads(affine(x, part(w, 0, i * e, e), b && part(b, 0, i * e, e)), count),
  )
  const mixed = permute(attention(q, k, v, null, { isCausal }, false), [0, 2, 1, 3])
  return affine(
    reshape(mixed, query.shape),
    named[`${prefix}out_proj.weight`],
    named[`${prefix}out_proj.bias`],
  )
}

/** The layer of an encoder, with relu, without dropout. */
export function encoderLayer(x: Grid, p: Parameters, count: number, normFirst: boolean): Grid {
  const norm = (i: 1 | 2) => (y: Grid) =>
    layerNorm(y, y.shape.at(-1)!, p[`norm${i}.weight`], p[`norm${i}.bias`])
  const attend = (y: Grid) => multihead([y], p, { count, prefix: 'self_attn.' })
  const think = (y: Grid) => {
    const h = affine(y, p['linear1.weight'], p['linear1.bias'])
    return affine(
      zip(v => Math.max(v, 0), h),
      p['linear2.weight'],
      p['linear2.bias'],
    )
  }
  if (normFirst) {
    const y = add(x, attend(norm(1)(x)))
    return add(y, think(norm(2)(y)))
  }
  const y = norm(1)(add(x, attend(x)))
  return norm(2)(add(y, think(y)))
}

/** A step: the next states, from both parts of the gates and the present states. */
type Step = (x: Grid, h: Grid, state: Grid[]) => Grid[]

const gate = (x: Grid, i: number, n: number) => part(x, 1, i * n, n)

const lstm: Step = (x, h, [, c]) => {
  const n = c.shape[1]
  const [i, f, g, o] = [0, 1, 2, 3].map(k => gate(add(x, h), k, n))
  const next = zip((i, f, g, c) => sigmoid(f) * c + sigmoid(i) * Math.tanh(g), i, f, g, c)
  return [zip((o, c) => sigmoid(o) * Math.tanh(c), o, next), next]
}

const gru: Step = (x, own, [h]) => {
  const n = h.shape[1]
  const [xr, xz, xn, hr, hz, hn] = [x, own].flatMap(t => [0, 1, 2].map(k => gate(t, k, n)))
  return [
    zip(
      (...[xr, xz, xn, hr, hz, hn, h]) => {
        const [r, z] = [sigmoid(xr + hr), sigmoid(xz + hz)]
        return (1 - z) * Math.tanh(xn + r * hn) + z * h
      },
      xr,
      xz,
      xn,
      hr,
      hz,
      hn,
      h,
    ),
  ]
}

const rnn: Step = (x, h) => [zip(Math.tanh, add(x, h))]
const rnnOfRelu: Step = (x, h) => [zip(v => Math.max(v, 0), add(x, h))]

const cells = { LSTM: lstm, GRU: gru, RNN: rnn, ReLU: rnnOfRelu }

/** The next states of a cell, for x [n, in] or [in] and the states before. */
export function oneStep(
  name: keyof typeof cells,
  [x, ...given]: Grid[],
  { weight_ih, weight_hh, bias_ih, bias_hh }: Parameters,
  hidden: number,
): Grid[] {
  const shape = [...x.shape.slice(0, -1), hidden]
  const n = x.shape.length > 1 ? x.shape[0] : 1
  const states = (name === 'LSTM' ? [0, 1] : [0]).map(k =>
    reshape(given[k] ?? fill([n, hidden], () => 0), [n, hidden]),
  )
  const rows = reshape(x, [n, x.data.length / n])
  const own = affine(states[0], weight_hh, bias_hh)
  return cells[name](affine(rows, weight_ih, bias_ih), own, states).map(y => reshape(y, shape))
}

/** y and the last states, for x [l, n, in], or n first, and the states at first. */
export function recurrent(
  name: keyof typeof cells,
  [given, ...start]: Grid[],
  p: Parameters,
  hidden: number,
  { numLayers = 1, bidirectional = false, batchFirst = false } = {},
): Grid[] {
  const ends: Grid[][] = []
  const sides = bidirectional ? ['', '_reverse'] : ['']
  let x = batchFirst ? transpose(given, 0, 1) : given
  const [l, n] = x.shape
  for (let layer = 0; layer < numLayers; layer++) {
    const outputs = sides.map(side => {
      const [wIh, wHh, bIh, bHh] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map(
        what => p[`${what}_l${layer}${side}`] as Grid | undefined,
      )
      const first = (k: number) =>
        start[k] ? part(start[k], 0, ends.length, 1) : fill([1, n, hidden], () => 0)
      let state = (name === 'LSTM' ? [0, 1] : [0]).map(k => reshape(first(k), [n, hidden]))
      const seen: Grid[] = []
      for (let i = 0; i < l; i++) {
        const t = side ? l - 1 - i : i
        const step = reshape(part(x, 0, t, 1), [n, x.shape[2]])
        state = cells[name](affine(step, wIh!, bIh), affine(state[0], wHh!, bHh), state)
        seen[t] = state[0]
      }
      ends.push(state)
      return seen
    })
    x = fill([l, n, hidden * sides.length], ([t, i, j]) =>
      at(outputs[Math.floor(j / hidden)][t], [i, j % hidden]),
    )
  }
  const last = ends[0].map((_, k) =>
    fill([ends.length, n, hidden], ([cell, i, j]) => at(ends[cell][k], [i, j])),
  )
  return [batchFirst ? transpose(x, 0, 1) : x, ...last]
}

/** An LSTM that takes and returns its states one by one. */
export function flatLstm(...args: ConstructorParameters<typeof nn.LSTM>): nn.Module<Tensor[]> {
  const layer = new nn.LSTM(...args)
  layer.registerForwardPreHook((_, [x, h, c]) => (h ? [x, [h, c] as never] : x))
  layer.registerForwardHook((_layer, _inputs, [y, [h, c]]) => [y, h, c] as never)
  return layer as never
}

/** An LSTM's cell that takes its states one by one. */
export function flatLstmCell(
  ...args: ConstructorParameters<typeof nn.LSTMCell>
): nn.Module<Tensor[]> {
  const layer = new nn.LSTMCell(...args)
  layer.registerForwardPreHook((_, [x, h, c]) => (h ? [x, [h, c] as never] : x))
  return layer as never
}

/** Attention with options, without weights. */
export function headed(
  e: number,
  count: number,
  { isCausal = false, needWeights = false, ...options }: Record<string, unknown> = {},
): nn.Module {
  const layer = new nn.MultiheadAttention(e, count, { ...options, batchFirst: true })
  layer.registerForwardPreHook(
    (_, [q, k = q, v = k]) => [q, k, v, { isCausal, needWeights }] as never,
  )
  layer.registerForwardHook((_layer, _inputs, [y]) => y as never)
  return layer as never
}
