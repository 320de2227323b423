/**
 * The messages of an ONNX file, in protobuf: those fields of onnx.proto that are used here, with
 * their numbers.   https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import protobuf from 'protobufjs/light.js'

const field = (type: string, id: number) => ({ type, id })
const list = (type: string, id: number) => ({ type, id, rule: 'repeated' })
const one = (name: string, fields: string[]) => ({ [name]: { oneof: fields } })

// biome-ignore format: a table reads in columns
const nested = {
  ModelProto: { fields: {
    irVersion: field('int64', 1), producerName: field('string', 2), docString: field('string', 6),
    graph: field('GraphProto', 7), opsetImport: list('OperatorSetIdProto', 8),
  } },
  OperatorSetIdProto: { fields: { domain: field('string', 1), version: field('int64', 2) } },
  GraphProto: { fields: {
    node: list('NodeProto', 1), name: field('string', 2), initializer: list('TensorProto', 5),
    input: list('ValueInfoProto', 11), output: list('ValueInfoProto', 12),
  } },
  NodeProto: { fields: {
    input: list('string', 1), output: list('string', 2), name: field('string', 3),
    opType: field('string', 4), attribute: list('AttributeProto', 5),
  } },
  AttributeProto: { fields: {
    name: field('string', 1), f: field('float', 2), i: field('int64', 3), s: field('bytes', 4),
    ints: { ...list('int64', 8), options: { packed: false } }, type: field('int32', 20),
  } },
  TensorProto: { fields: {
    dims: { ...list('int64', 1), options: { packed: false } }, dataType: field('int32', 2),
    name: field('string', 8), rawData: field('bytes', 9),
  } },
  ValueInfoProto: { fields: {
    name: field('string', 1), type: field('TypeProto', 2), docString: field('string', 3),
  } },
  TypeProto: { fields: { tensorType: field('TensorTypeProto', 1) } },
  TensorTypeProto: { fields: {
    elemType: field('int32', 1), shape: field('TensorShapeProto', 2),
  } },
  TensorShapeProto: { fields: { dim: list('DimensionProto', 1) } },
  DimensionProto: {
    oneofs: one('value', ['dimValue', 'dimParam']),
    fields: { dimValue: field('int64', 1), dimParam: field('string', 2) },
  },
}

const types = protobuf.Root.fromJSON({ nested })

/** The type of a whole file. */
export const Model = types.lookupType('ModelProto')

/** The numbers of element types and of kinds of attributes. */
export const FLOAT = 1
export const INT64 = 7
export const kinds = { f: 1, i: 2, s: 3, ints: 7 } as const

/** The edition of the operators' definitions, and of the file format that goes with it. */
export const opset = 17
export const irVersion = 8
