/** Activations and softmax as ONNX nodes. */
import { nn } from '../../../index.js'
import { line, type Place, scalar, shaped, single } from './convert.js'

const { sqrt, SQRT2, PI } = Math

// biome-ignore format: a table reads in columns
export const activations = [
  single(nn.ReLU, 'Relu'),
  single(nn.Tanh, 'Tanh'),
  single(nn.Sigmoid, 'Sigmoid'),
  single(nn.LeakyReLU, 'LeakyRelu', ({ slope }) => ({ alpha: slope })),
  single(nn.ELU, 'Elu', ({ alpha }) => ({ alpha })),
  single(nn.CELU, 'Celu', ({ alpha }) => ({ alpha })),
  single(nn.SELU, 'Selu'),
  single(nn.Hardsigmoid, 'HardSigmoid', () => ({ alpha: 1 / 6, beta: 0.5 })),
  single(nn.Hardswish, 'HardSwish'),
  single(nn.Softmax, 'Softmax', ({ dim }) => ({ axis: { i: dim } })),
  single(nn.LogSoftmax, 'LogSoftmax', ({ dim }) => ({ axis: { i: dim } })),
  line(nn.Hardtanh, ({ min, max }, at) => clipped(at, min, max)),
  line(nn.ReLU6, (_, at) => clipped(at, 0, 6)),
  line(nn.SiLU, (_, at) => at.graph.node('Mul', at.name, [at.x.name, after(at, 'Sigmoid')])),
  line(nn.Softplus, ({ options }, at) => softplus(at, options.beta ?? 1, options.threshold ?? 20)),
  line(nn.GELU, ({ options }, at) => (options.approximate === 'tanh' ? geluTanh(at) : gelu(at))),
  line(nn.Mish, (_, at) => mish(at)),
  line(nn.PReLU, ({ weight }, at) => {
    const { graph, name, x } = at
    const to = [weight.size, ...x.shape.slice(1).map(() => 1)] // [c, 1, 1] beside [n, c, h, w]
    const slope = shaped(graph, `${name}.slope`, graph.weight(`${name}.weight`, weight), to)
    return graph.node('PRelu', name, [x.name, slope])
  }),
]

function clipped(at: Place, min: number, max: number): string {
  const limits = [scalar(at, 'min', min), scalar(at, 'max', max)]
  return at.graph.node('Clip', at.name, [at.x.name, ...limits])
}

/** f(x), as a step on the way. */
function after({ graph, name, x }: Place, opType: string): string {
  return graph.node(opType, `${name}.${opType.toLowerCase()}`, [x.name])
}

/** ln(1 + e^(βx)) / β, and x where βx > threshold */
function softplus(at: Place, beta: number, threshold: number): string {
  const { graph, name, x } = at
  const scaled = graph.node('Mul', `${name}.scaled`, [x.name, scalar(at, 'beta', beta)])
  const soft = graph.node('Softplus', `${name}.softplus`, [scaled])
  const y = graph.node('Div', `${name}.quotient`, [soft, `${name}.beta`])
  const isLarge = graph.node('Greater', `${name}.large`, [
    scaled,
    scalar(at, 'threshold', threshold),
  ])
  return graph.node('Where', name, [isLarge, x.name, y])
}

/** x tanh(ln(1 + eˣ)) */
function mish(at: Place): string {
  const { graph, name, x } = at
  const t = graph.node('Tanh', `${name}.tanh`, [after(at, 'Softplus')])
  return graph.node('Mul', name, [x.name, t])
}

/** ½x (1 + erf(x / √2)) */
function gelu(at: Place): string {
  const { graph, name, x } = at
  const z = graph.node('Div', `${name}.quotient`, [x.name, scalar(at, 'root', SQRT2)])
  return halved(at, graph.node('Erf', `${name}.erf`, [z]))
}

/** ½x (1 + tanh(√(2/π) (x + 0.044715x³))) */
function geluTanh(at: Place): string {
  const { graph, name, x } = at
  const cube = graph.node('Pow', `${name}.cube`, [x.name, scalar(at, 'three', 3)])
  const part = graph.node('Mul', `${name}.part`, [cube, scalar(at, 'factor', 0.044715)])
  const sum = graph.node('Add', `${name}.sum`, [x.name, part])
  const z = graph.node('Mul', `${name}.scaled`, [sum, scalar(at, 'root', sqrt(2 / PI))])
  return halved(at, graph.node('Tanh', `${name}.tanh`, [z]))
}

/** ½x (1 + t) */
function halved(at: Place, t: string): string {
  const { graph, name, x } = at
  const more = graph.node('Add', `${name}.more`, [t, scalar(at, 'one', 1)])
  const half = graph.node('Mul', `${name}.half`, [x.name, scalar(at, 'half_of', 0.5)])
  return graph.node('Mul', name, [half, more])
}
