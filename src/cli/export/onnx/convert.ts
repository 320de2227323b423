/** From a layer to nodes of a graph. */
import type { nn, Shape } from '../../../index.js'
import type { Attributes, Graph, Value } from './graph.js'

/** Where a layer stands: its graph, its name in the model, its input, and its output's shape. */
export interface Place {
  readonly graph: Graph
  readonly name: string
  readonly x: Value
  /** Without the batch. */
  readonly to: Shape
}

/** Adds the nodes of a layer. Returns the name of the last one's output. */
export type Convert = (layer: never, at: Place) => string

/** A table's line: the layers of exactly this class are converted by this function. */
export function line<L extends nn.Module<unknown>>(
  kind: abstract new (...args: never[]) => L,
  convert: (layer: L, at: Place) => string,
): readonly [unknown, Convert] {
  return [kind, convert as Convert]
}

/** A line for layers that are one node without weights. */
export function single<L extends nn.Module<unknown>>(
  kind: abstract new (...args: never[]) => L,
  opType: string,
  attributes: (layer: L) => Attributes = () => ({}),
) {
  return line(kind, (layer: L, { graph, name, x }) =>
    graph.node(opType, name, [x.name], attributes(layer)),
  )
}

/** The name of a constant number. */
export function scalar({ graph, name }: Place, what: string, value: number): string {
  return graph.constant(`${name}.${what}`, Float32Array.of(value), [])
}

/** Another shape behind the same batch. */
export function reshaped(graph: Graph, name: string, from: string, to: Shape): string {
  const sizes = BigInt64Array.from([0, ...to].map(BigInt)) // 0: as it was
  const shape = graph.constant(`${name}.shape`, sizes, [sizes.length])
  return graph.node('Reshape', name, [from, shape])
}

/** A weight, or a part of one, in another shape. */
export function shaped(graph: Graph, name: string, from: string, to: Shape): string {
  const shape = graph.constant(`${name}.shape`, BigInt64Array.from(to, BigInt), [to.length])
  return graph.node('Reshape', name, [from, shape])
}

/** @throws Error that says why this layer cannot be written, and what can be done */
export function refuse({ name }: Place, layer: object, why: string): never {
  throw new Error(`onnx: ${name} (${layer.constructor.name}): ${why}`)
}
