/** A model as a table: its layers in the order of their calls, their outputs and parameters. */
import { checkDType, checkList, optionsOf } from '../tensor/arguments.js'
import { zeros } from '../tensor/create.js'
import type { DType } from '../tensor/dtype.js'
import { checkShape, type Shape, show } from '../tensor/shape.js'
import { columns } from './columns.js'
import { callsOf, type LayerCalls, type ModuleLike } from './shapes.js'

/** The shape of the tensor that `forward` takes, or a list of shapes if it takes several. */
export type SummaryInputs = Shape | readonly Shape[]

export interface SummaryOptions {
  /** Of the inputs: one for all, or one for each; f32 by default. */
  dtype?: DType | readonly DType[]
}

interface Countable extends ModuleLike {
  numParameters(options?: { trainable?: boolean }): number
}

/** See `Module.summary`. */
export function summarize(
  model: Countable,
  inputs: SummaryInputs,
  options: SummaryOptions = {},
): string {
  const { dtype = 'f32' } = optionsOf('summary', options, ['dtype'])
  checkList('summary', 'the shape', inputs, 'model.summary([32, 784])')
  const shapes = (Array.isArray(inputs[0]) ? inputs : [inputs]) as readonly Shape[]
  for (const shape of shapes) checkShape('summary', shape)
  const given = shapes.map((shape, i) => ({
    shape,
    dtype: Array.isArray(dtype) ? (dtype[i] ?? 'f32') : (dtype as DType),
  }))
  for (const { dtype } of given) checkDType('summary', dtype)
  const layers = callsOf(model, () => given.map(({ shape, dtype }) => zeros(shape, { dtype })))
  return [`input ${given.map(typeOf).join(', ')}`, ...table(layers), totals(model)].join('\n')
}

function table(layers: readonly LayerCalls[]): string[] {
  const rows = layers
    .filter(saysSomething)
    .map(layer => [layer.name, layer.type, outputOf(layer), countOf(layer)])
  const titles = ['layer', 'type', 'output', 'parameters']
  const [head, ...lines] = columns([titles, ...rows], { right: [3] })
  const rule = '─'.repeat(head.length)
  return [head, rule, ...lines, rule]
}

function countOf({ parameters }: LayerCalls): string {
  return parameters > 0 ? count(parameters) : ''
}

/** A ModuleList says nothing: it is never called, and all its parameters are its members'. */
function saysSomething({ outputs, parameters, children }: LayerCalls): boolean {
  return outputs.length > 0 || parameters > 0 || children === 0
}

/** Each different shape once; the number of calls, if not one. */
function outputOf({ outputs }: LayerCalls): string {
  if (outputs.length === 0) return 'not called'
  const types = new Set(outputs.map(tensors => tensors.map(typeOf).join(', ')))
  return [...types].join(' or ') + (outputs.length > 1 ? ` (${outputs.length} calls)` : '')
}

function typeOf({ shape, dtype }: { shape: Shape; dtype: DType }): string {
  return dtype === 'f32' ? show(shape) : `${show(shape)} ${dtype}`
}

function totals(model: Countable): string {
  const tensors = new Set(model.namedTensors().map(([, t]) => t))
  const bytes = [...tensors].reduce((sum, t) => sum + 4 * t.size, 0)
  const [all, trainable] = [model.numParameters(), model.numParameters({ trainable: true })]
  return (
    `${count(all)} parameters, ${count(trainable)} of them trainable; ` +
    `${count(bytes)} bytes, buffers included`
  )
}

function count(n: number): string {
  return n.toLocaleString('en')
}
