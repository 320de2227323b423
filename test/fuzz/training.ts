/** A random training as text: a model, a step, and calls with events between them. */
import { between, oneOf, sometimes } from '../ops/generate.js'
import { generator, type Random } from '../ops/inputs.js'
import { eventOf } from './events.js'
import { layersOf } from './model.js'

export interface TrainingChoices {
  /** A layer each, from 0 to 1. */
  readonly layers: readonly number[]
  /** Per call, the seeds of the events before it. */
  readonly calls: readonly (readonly number[])[]
  readonly seed: number
}

/**
 * The body of `async (kg, nn, wrap) => …`. `wrap` is `kg.compile` or leaves a step as it is; all
 * that it returns must have the same bits in both cases.
 */
export function textOf({ layers, calls, seed }: TrainingChoices): string {
  const random = generator(seed)
  const kind = oneOf(random, ['flat', 'image', 'tokens'] as const)
  const start = {
    flat: [between(random, 2, 9)],
    image: [between(random, 1, 3), 6, 5],
    tokens: [4, 3],
  }[kind]
  const chosen = layersOf(layers, random, start)
  const shape = chosen.at(-1)?.shape ?? start
  const first =
    kind === 'tokens'
      ? ['new nn.Embedding(9, 3)']
      : kind === 'flat'
        ? [`new nn.Linear(${start}, ${start})`]
        : [`new nn.Conv2d(${start[0]}, ${start[0]}, 1)`]
  const model = [...first, ...chosen.map(({ text }) => text)]
  return [
    'const nn = kg.nn',
    `kg.manualSeed(${seed % 1000})`,
    `const model = new nn.Sequential(\n  ${model.join(',\n  ')},\n)`,
    'const params = model.parameters()',
    'const layer = i => model.at(i % model.length)',
    'const freeze = (i, on) => { if (params[i]) { params[i].requiresGrad = on; if (!on) params[i].grad = null } }',
    'const copies = state => Object.fromEntries(Object.entries(state).map(([k, t]) => [k, kg.keep(kg.noGrad(() => kg.mul(t, 1)))]))',
    `let optimizer = ${optimizer(random)}`,
    `const other = ${sometimes(random, 0.25) ? optimizer(random) : '{ step() {} }'}`,
    `const scheduler = ${scheduler(random)}`,
    'const handles = [], seen = [], meter = new nn.Meter()',
    `let saved, kept, at, batch = 3, how = 0`,
    ...inputs(kind, start),
    ...lossOf(random, shape),
    ...step(random),
    'const evaluate = wrap((x) => lossOf(model.forward(x)))',
    'let state = kg.zeros([2])',
    ...calls.flatMap((events, i) => [
      `// call ${i}`,
      ...events.map(e => eventOf(generator(e))),
      ...call(random),
    ]),
    'seen.push(...[...Object.values(model.stateDict()), ...Object.values(optimizer.stateDict().tensors), state].map(t => t.data()))',
    'kg.useVariants({})',
    'nn.detectAnomaly(false)',
    'for (const p of params) if (p.grad) seen.push(p.grad.data())',
    'return [...await Promise.all(seen), optimizer.groups.map(g => [g.lr, g.momentum, g.betas]), step.counts]',
  ].join('\n')
}

function optimizer(random: Random): string {
  const lr = oneOf(random, [0.01, 0.1])
  const [name, options] = oneOf(random, [
    ['SGD', `lr: ${lr}`],
    ['SGD', `lr: ${lr}, momentum: 0.9, nesterov: true`],
    ['SGD', `lr: ${lr}, momentum: 0.5, weightDecay: 0.1, dampening: 0.1`],
    ['Adam', `lr: ${lr}`],
    ['Adam', `lr: ${lr}, amsgrad: true, weightDecay: 0.01`],
    ['AdamW', `lr: ${lr}`],
    ['RMSprop', `lr: ${lr}, momentum: 0.5, centered: true`],
    ['RMSprop', `lr: ${lr}`],
    ['Adagrad', `lr: ${lr}, lrDecay: 0.1`],
  ])
  const groups = sometimes(random, 0.3)
    ? 'params.length > 1 ? [{ params: params.slice(0, 1), lr: 0.02 }, { params: params.slice(1) }] : params'
    : 'params'
  return `new nn.${name}(${groups}, { ${options} })`
}

function scheduler(random: Random): string {
  return oneOf(random, [
    'new nn.ExponentialLR(optimizer, { gamma: 0.9 })',
    'new nn.StepLR(optimizer, { stepSize: 2, gamma: 0.5 })',
    'new nn.CosineAnnealingLR(optimizer, { tMax: 5 })',
    "new nn.OneCycleLR(optimizer, { maxLr: 0.1, totalSteps: 100, cycleMomentum: 'momentum' in optimizer.groups[0] || 'betas' in optimizer.groups[0] })",
    'new nn.ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 })',
  ])
}

/** Inputs: as they are, transposed, sliced, expanded, or with an offset. */
function inputs(kind: 'flat' | 'image' | 'tokens', shape: readonly number[]): string[] {
  if (kind === 'tokens')
    return [
      "const input = () => kg.tensor(Array.from({ length: 4 * batch }, (_, i) => (7 * i + how) % 9), { shape: [batch, 4], dtype: 'i32' })",
    ]
  const [n, last] = [shape.length, `${shape.slice(1)}${shape.length > 1 ? ', ' : ''}`]
  return [
    'const input = () => [',
    `  () => kg.randn([batch, ${shape}]),`,
    `  () => kg.randn([${last}batch, ${shape[0]}]).permute([${n - 1}, ${n}${Array.from({ length: n - 1 }, (_, i) => `, ${i}`).join('')}]),`,
    `  () => kg.randn([batch + 2, ${shape}]).slice(0, { start: 1, stop: batch + 1 }),`,
    `  () => kg.randn([2 * batch, ${shape}]).slice(0, { step: 2 }),`,
    `  () => kg.randn([1, ${shape}]).expand([batch, ${shape}]),`,
    `  () => kg.zeros([batch, ${shape}]),`,
    '][how]()',
  ]
}

function lossOf(random: Random, shape: readonly number[]): string[] {
  const losses = [
    'kg.square(y).mean()',
    "kg.mseLoss(y, kg.zeros(y.shape), { reduction: 'sum' }).mul(0.1)",
    'kg.huberLoss(y, kg.ones(y.shape))',
    'kg.l1Loss(y, kg.full(y.shape, 0.3))',
    'kg.binaryCrossEntropyWithLogits(y, kg.full(y.shape, 0.3))',
    'kg.mul(y, kg.randn(y.shape)).mean()',
    'kg.logSoftmax(y, -1).mean().neg()',
  ]
  if (shape.length === 1 && shape[0] > 1)
    losses.push("kg.crossEntropy(y, kg.zeros([y.shape[0]], { dtype: 'i32' }))")
  return [`const lossOf = y => ${oneOf(random, losses)}`]
}

function step(random: Random): string[] {
  const isSteppedInside = sometimes(random, 0.8)
  const lines = [
    sometimes(random, 0.75) ? oneOf(random, ['optimizer.zeroGrad()', 'model.zeroGrad()']) : '',
    'const y = model.forward(x)',
    sometimes(random, 0.15)
      ? 'const loss = kg.add(lossOf(y), kg.grad(lossOf(y), params.filter(p => p.requiresGrad)[0], { createGraph: true }).square().sum())'
      : 'const loss = lossOf(y)',
    'loss.backward()',
    sometimes(random, 0.3) ? 'lossOf(model.forward(x)).backward()' : '',
    sometimes(random, 0.3)
      ? `nn.clipGradNorm(params, ${oneOf(random, [0.1, 1])}, { normType: ${oneOf(random, [1, 2, 3, 'Infinity'])} })`
      : '',
    sometimes(random, 0.15) ? 'nn.clipGradValue(params, 0.05)' : '',
    isSteppedInside ? 'optimizer.step()' : '',
    sometimes(random, 0.2)
      ? 'if (!(scheduler instanceof nn.ReduceLROnPlateau)) scheduler.step()'
      : '',
    isSteppedInside && sometimes(random, 0.15) ? 'optimizer.step()' : '',
    'other.step()',
    sometimes(random, 0.3) ? 'meter.add(loss, x.shape[0])' : '',
    sometimes(random, 0.2) ? 'optimizer.zeroGrad()' : '',
    `return { loss, y, state: ${oneOf(random, ['state', 'kg.add(state, loss)', 'kg.mul(state, 0.5).add(kg.rand([2]))', 'state.flip ? state : kg.cat([state.slice(0, { start: 1 }), state.slice(0, { stop: 1 })])'])}, x }`,
  ]
  return ['const step = wrap((x, state) => {', ...lines.filter(Boolean).map(l => `  ${l}`), '})']
}

function call(random: Random): string[] {
  if (sometimes(random, 0.2))
    return [
      'kg.scope(() => { step(input(), kg.detach(state)) })',
      'state = kg.ones([2]) // the result of the call before is gone',
    ]
  return [
    'var out = step(input(), kg.detach(state))',
    'state = out.state',
    sometimes(random)
      ? 'seen.push(await out.loss.data(), await out.y.data())'
      : 'seen.push(out.loss.data(), out.state.data())',
  ]
}
