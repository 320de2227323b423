/** Norms as ONNX nodes, as they are in evaluation. */
import { nn, type Tensor } from '../../../index.js'
import { line, type Place, refuse, reshaped, scalar, shaped } from './convert.js'

export const norms = [
  line(nn.BatchNorm1d, batchNorm),
  line(nn.BatchNorm2d, batchNorm),
  line(nn.InstanceNorm1d, instanceNorm),
  line(nn.InstanceNorm2d, instanceNorm),
  line(nn.LayerNorm, ({ weight, bias, normalizedShape, eps }, at) => {
    const { graph, name, x } = at
    const w = filled(at, 'weight', weight, normalizedShape, 1)
    const b = bias ? [graph.weight(`${name}.bias`, bias)] : []
    const attributes = { axis: { i: -normalizedShape.length }, epsilon: eps }
    return graph.node('LayerNormalization', name, [x.name, w, ...b], attributes)
  }),
  line(nn.GroupNorm, ({ weight, bias, groups, eps }, at) => {
    const { graph, name, x } = at
    const [scale, shift] = [1, 0].map(value => constants(at, `group_${value}`, [groups], value))
    const apart = reshaped(graph, `${name}.groups`, x.name, [groups, sizeOf(x.shape) / groups])
    const y = graph.node('InstanceNormalization', `${name}.normal`, [apart, scale, shift], {
      epsilon: eps,
    })
    if (!weight || !bias) return reshaped(graph, name, y, x.shape)
    const together = reshaped(graph, `${name}.together`, y, x.shape)
    const scaled = graph.node('Mul', `${name}.scaled`, [together, channels(at, 'weight', weight)])
    return graph.node('Add', name, [scaled, channels(at, 'bias', bias)])
  }),
  line(nn.RMSNorm, ({ weight, normalizedShape, eps }, at) => {
    const { graph, name, x } = at
    const axes = normalizedShape.map((_, i) => i - normalizedShape.length)
    const square = graph.node('Mul', `${name}.square`, [x.name, x.name])
    const mean = graph.node('ReduceMean', `${name}.mean`, [square], { axes })
    const sum = graph.node('Add', `${name}.sum`, [mean, scalar(at, 'epsilon', eps)])
    const root = graph.node('Sqrt', `${name}.root`, [sum])
    if (!weight) return graph.node('Div', name, [x.name, root])
    const y = graph.node('Div', `${name}.normal`, [x.name, root])
    return graph.node('Mul', name, [y, graph.weight(`${name}.weight`, weight)])
  }),
]

type Statistics = nn.BatchNorm1d | nn.BatchNorm2d | nn.InstanceNorm1d | nn.InstanceNorm2d

function batchNorm(layer: Statistics, at: Place): string {
  const { graph, name, x } = at
  const { weight, bias, runningMean, runningVar, features, eps } = layer
  if (!runningMean || !runningVar)
    refuse(
      at,
      layer,
      'it normalises every batch by its own statistics, which ONNX has not in evaluation; ' +
        'train it with trackRunningStats',
    )
  return graph.node(
    'BatchNormalization',
    name,
    [
      x.name,
      filled(at, 'weight', weight, [features], 1),
      filled(at, 'bias', bias, [features], 0),
      graph.weight(`${name}.running_mean`, runningMean),
      graph.weight(`${name}.running_var`, runningVar),
    ],
    { epsilon: eps },
  )
}

function instanceNorm(layer: nn.InstanceNorm1d | nn.InstanceNorm2d, at: Place): string {
  const { weight, bias, runningMean, features, eps } = layer
  if (runningMean) return batchNorm(layer, at)
  const [w, b] = [
    filled(at, 'weight', weight, [features], 1),
    filled(at, 'bias', bias, [features], 0),
  ]
  return at.graph.node('InstanceNormalization', at.name, [at.x.name, w, b], { epsilon: eps })
}

/** A weight, or constants where there is none. */
function filled(
  at: Place,
  what: string,
  t: Tensor | null,
  shape: readonly number[],
  value: number,
): string {
  return t ? at.graph.weight(`${at.name}.${what}`, t) : constants(at, what, shape, value)
}

function constants(at: Place, what: string, shape: readonly number[], value: number): string {
  const data = new Float32Array(sizeOf(shape)).fill(value)
  return at.graph.constant(`${at.name}.${what}`, data, shape)
}

/** A weight [c] beside x [n, c, ...]. */
function channels({ graph, name, x }: Place, what: string, t: Tensor): string {
  const weight = graph.weight(`${name}.${what}`, t)
  const to = [t.size, ...x.shape.slice(1).map(() => 1)]
  return shaped(graph, `${name}.${what}_channels`, weight, to)
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
