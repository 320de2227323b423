/** The graphs of a model: the whole, and its encoder and decoder. */
import { models, type nn, type Shape } from '../../../index.js'
import { reshaped } from './convert.js'
import { Graph, type Value } from './graph.js'
import { apply } from './layers.js'

type Variational = models.VariationalAutoencoder | models.TextbookVAE
type Coder = models.MLPAutoencoder | models.ConvAutoencoder

/** The parts of a model, each with its graph. The whole has the name `model`. */
export type Graphs = Record<string, Graph>

/**
 * The graphs of an autoencoder of the library; of another module, one from `x` to `y`.
 * @param shape of one sample
 * @throws Error that names a layer which ONNX has not
 */
export function graphsOf(model: nn.Module<unknown>, shape: Shape): Graphs {
  if (model instanceof models.MLPAutoencoder || model instanceof models.ConvAutoencoder)
    return coder(model, shape)
  if (model instanceof models.VariationalAutoencoder || model instanceof models.TextbookVAE)
    return variational(model, shape)
  if (model instanceof models.Denoiser) return denoiser(model, shape)
  const graph = new Graph('model')
  graph.output('y', apply(graph, '', model, graph.input('x', shape)))
  return { model: graph }
}

function coder({ encoder, decoder }: Coder, shape: Shape): Graphs {
  const [whole, first, second] = [new Graph('model'), new Graph('encoder'), new Graph('decoder')]
  const latent = apply(whole, 'encoder', encoder, whole.input('x', shape))
  whole.output('reconstruction', apply(whole, 'decoder', decoder, latent))
  whole.output('latent', latent)
  first.output('latent', apply(first, 'encoder', encoder, first.input('x', shape)))
  const code = second.input('latent', latent.shape)
  second.output('reconstruction', apply(second, 'decoder', decoder, code))
  return { model: whole, encoder: first, decoder: second }
}

function denoiser(model: models.Denoiser, shape: Shape): Graphs {
  const graph = new Graph('model')
  const after = (name: 'first' | 'second' | 'third' | 'up' | 'upper', x: Value): Value => {
    const y = apply(graph, name, model[name], x)
    return { name: graph.node('Relu', `${name}.relu`, [y.name]), shape: y.shape }
  }
  const joined = (name: string, x: Value, y: Value): Value => ({
    name: graph.node('Concat', name, [x.name, y.name], { axis: { i: 1 } }),
    shape: [x.shape[0] + y.shape[0], ...x.shape.slice(1)],
  })
  const a = after('first', graph.input('x', shape))
  const b = after('second', a)
  const c = after('third', b)
  const d = joined('join', after('up', c), b)
  const y = apply(graph, 'last', model.last, joined('upper_join', after('upper', d), a))
  const pixels = { name: graph.node('Sigmoid', 'sigmoid', [y.name]), shape: y.shape }
  graph.output('reconstruction', pixels)
  return { model: graph }
}

const noise = 'epsilon of z = mu + sigma * epsilon, from N(0, 1); 0 when it is left out'

function variational(model: Variational, shape: Shape): Graphs {
  const [whole, first, second] = [new Graph('model'), new Graph('encoder'), new Graph('decoder')]
  const [mu, spread] = encoded(whole, model, whole.input('x', shape))
  const epsilon = whole.optionalInput('epsilon', mu.shape, noise)
  const drawn = whole.node('Mul', 'noise', [deviation(whole, model, spread), epsilon.name])
  const z = { name: whole.node('Add', 'z', [mu.name, drawn]), shape: mu.shape }
  whole.output('reconstruction', decoded(whole, model, z, shape))
  distribution(whole, model, [mu, spread])
  distribution(first, model, encoded(first, model, first.input('x', shape)))
  second.output('reconstruction', decoded(second, model, second.input('z', mu.shape), shape))
  return { model: whole, encoder: first, decoder: second }
}

/** The two halves of what the encoder computes. */
function encoded(graph: Graph, { encoder }: Variational, { name, shape }: Value): [Value, Value] {
  const size = shape.reduce((product, n) => product * n, 1)
  const flat = reshaped(graph, 'flat', name, [size])
  const y = apply(graph, 'encoder', encoder, { name: flat, shape: [size] })
  const half = y.shape[0] / 2
  const sizes = graph.constant('halves.sizes', BigInt64Array.of(BigInt(half), BigInt(half)), [2])
  const halves = graph.split('Split', 'halves', [y.name, sizes], ['halves.0', 'halves.1'], {
    axis: { i: 1 },
  })
  return [
    { name: halves[0], shape: [half] },
    { name: halves[1], shape: [half] },
  ]
}

function decoded(graph: Graph, { decoder }: Variational, z: Value, shape: Shape): Value {
  const flat = apply(graph, 'decoder', decoder, z)
  return { name: reshaped(graph, 'image', flat.name, shape), shape }
}

/** Outputs of mu, and of sigma or of ln sigma². */
function distribution(graph: Graph, model: Variational, [mu, spread]: [Value, Value]): void {
  graph.output('mu', mu)
  graph.output(model instanceof models.TextbookVAE ? 'log_variance' : 'sigma', spread)
}

/** sigma, or e^(½ ln sigma²) */
function deviation(graph: Graph, model: Variational, { name }: Value): string {
  if (!(model instanceof models.TextbookVAE)) return name
  const half = graph.constant('half', Float32Array.of(0.5), [])
  return graph.node('Exp', 'deviation', [graph.node('Mul', 'half_log', [name, half])])
}
