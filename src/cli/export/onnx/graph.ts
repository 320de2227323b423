/** An ONNX graph that is being made: its values, nodes and weights. */
import type { Shape, Tensor } from '../../../index.js'
import { toHost } from '../../../io/state.js'
import { check } from '../../../kernels/check.js'
import { FLOAT, INT64, irVersion, kinds, Model, opset } from './messages.js'

/** A value of a graph: its name, and its shape without the batch, its first dimension. */
export interface Value {
  readonly name: string
  readonly shape: Shape
}

/** Text is an enumerated option, a list is of whole numbers; a single whole number is { i }. */
export type Attributes = Record<string, number | string | readonly number[] | { i: number }>

interface Info {
  readonly name: string
  readonly shape: readonly (number | string)[]
  readonly docString?: string
}

interface Node {
  readonly opType: string
  readonly name: string
  readonly input: string[]
  readonly output: string[]
  readonly attribute: object[]
}

const limit = 2 ** 31 - 2 ** 20 // of a protobuf message, with room for all but the weights

export class Graph {
  private readonly inputs: Info[] = []
  private readonly outputs: Info[] = []
  private readonly nodes: Node[] = []
  private readonly weights = new Map<string, Tensor>()
  private readonly constants = new Map<string, object>()

  constructor(private readonly name: string) {}

  /** An input of f32, [batch, ...shape]. */
  input(name: string, shape: Shape): Value {
    this.inputs.push({ name, shape: ['batch', ...shape] })
    return { name, shape }
  }

  /** An input that may be left out: then it is 0. Its first dimension may also be 1. */
  optionalInput(name: string, shape: Shape, docString: string): Value {
    this.inputs.push({ name, shape: [`${name}_batch`, ...shape], docString })
    const count = shape.reduce((product, size) => product * size, 1)
    this.constant(name, new Float32Array(count), [1, ...shape])
    return { name, shape }
  }

  /** Makes a value an output of that name. */
  output(name: string, { name: old, shape }: Value): void {
    this.outputs.push({ name, shape: ['batch', ...shape] })
    const isMade = this.nodes.some(({ output }) => output.includes(old))
    if (!isMade) this.node('Identity', name, [old])
    const lists = isMade ? this.nodes.flatMap(({ input, output }) => [input, output]) : []
    for (const names of lists)
      for (const [i, each] of names.entries()) if (each === old) names[i] = name
  }

  /** The name of a weight; it is read from the GPU when the file is written. */
  weight(name: string, t: Tensor): string {
    this.weights.set(name, t)
    return name
  }

  /** The name of a constant. */
  constant(name: string, data: Float32Array | BigInt64Array, dims: readonly number[]): string {
    const dataType = data instanceof Float32Array ? FLOAT : INT64
    this.constants.set(name, { name, dims, dataType, rawData: bytesOf(data) })
    return name
  }

  /** A node with one output, called as the node; returns the output's name. */
  node(opType: string, name: string, input: string[], attributes: Attributes = {}): string {
    return this.split(opType, name, input, [name], attributes)[0]
  }

  /** A node with several outputs; returns their names. */
  split(
    opType: string,
    name: string,
    input: string[],
    output: string[],
    attributes: Attributes = {},
  ): string[] {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value))
    this.nodes.push({ opType, name, input: [...input], output: [...output], attribute })
    return output
  }

  /**
   * The graph as the bytes of a file.
   * @throws Error when the weights are larger than a file can hold
   */
  async bytes(): Promise<Uint8Array> {
    const { name, nodes } = this
    const host = await toHost(Object.fromEntries(this.weights))
    const weights = Object.entries(host).map(([key, { shape, data }]) => ({
      name: key,
      dims: shape,
      dataType: FLOAT,
      rawData: bytesOf(data),
    }))
    const size = weights.reduce((sum, { rawData }) => sum + rawData.length, 0)
    check(
      size < limit,
      () => `onnx: the weights of ${name} are ${size} bytes; a file holds less than ${limit}`,
    )
    const graph = {
      name,
      node: nodes,
      initializer: [...weights, ...this.constants.values()],
      input: this.inputs.map(infoOf),
      output: this.outputs.map(infoOf),
    }
    const opsetImport = [{ domain: '', version: opset }]
    return Model.encode({ irVersion, producerName: 'kernelgrad', graph, opsetImport }).finish()
  }
}

/** In files numbers are little-endian, as on every machine that has WebGPU. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function attributeOf(name: string, value: Attributes[string]): object {
  if (typeof value === 'number') return { name, f: value, type: kinds.f }
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: kinds.s }
  if ('i' in value) return { name, i: value.i, type: kinds.i }
  return { name, ints: value, type: kinds.ints }
}

function infoOf({ name, shape, docString }: Info): object {
  const dim = shape.map(size =>
    typeof size === 'string' ? { dimParam: size } : { dimValue: size },
  )
  return { name, docString, type: { tensorType: { elemType: FLOAT, shape: { dim } } } }
}
