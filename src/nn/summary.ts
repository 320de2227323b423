/** A model as a table: its layers as they are called, the shapes that come out of them, what they hold. */
import { zeros } from '../tensor/create.js'
import type { DType } from '../tensor/dtype.js'
import { checkShape, type Shape, show } from '../tensor/shape.js'
import { callsOf, type LayerCalls, type ModuleLike } from './shapes.js'

/** The shape of what `forward` takes, or the shapes if it takes several tensors. */
export type SummaryInputs = Shape | readonly Shape[]

export interface SummaryOptions {
  /** Of the inputs, f32 unless said otherwise: one for all, or one for each. */
  dtype?: DType | readonly DType[]
}

interface Countable extends ModuleLike {
  numParameters(options?: { trainable?: boolean }): number
}

/** See `Module.summary`. */
export function summarize(
  model: Countable,
  inputs: SummaryInputs,
  { dtype = 'f32' }: SummaryOptions = {},
): string {
  const shapes = (Array.isArray(inputs[0]) ? inputs : [inputs]) as readonly Shape[]
  for (const shape of shapes) checkShape('summary', shape)
  const given = shapes.map((shape, i) => ({
    shape,
    dtype: typeof dtype === 'string' ? dtype : (dtype[i] ?? 'f32'),
  }))
  const layers = callsOf(model, () => given.map(({ shape, dtype }) => zeros(shape, { dtype })))
  return [`input ${given.map(typeOf).join(', ')}`, ...table(layers), totals(model)].join('\n')
}

function table(layers: readonly LayerCalls[]): string[] {
  const rows = [
    ['layer', 'type', 'output', 'parameters'],
    ...layers
      .filter(saysSomething)
      .map(layer => [
        layer.name,
        layer.type,
        outputOf(layer),
        layer.parameters > 0 ? count(layer.parameters) : '',
      ]),
  ]
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)))
  const [head, ...lines] = rows.map(([name, type, output, parameters]) =>
    [
      name.padEnd(widths[0]),
      type.padEnd(widths[1]),
      output.padEnd(widths[2]),
      parameters.padStart(widths[3]),
    ].join('  '),
  )
  const rule = '─'.repeat(head.length)
  return [head, rule, ...lines.map(line => line.trimEnd()), rule]
}

/** A list of modules is never called, and has nothing that its members do not have. */
function saysSomething({ outputs, parameters, children }: LayerCalls): boolean {
  return outputs.length > 0 || parameters > 0 || children === 0
}

/** Each different shape once; how often it was called, if not once. */
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
  return `${count(all)} parameters, ${count(trainable)} of them trainable; ${count(bytes)} bytes, buffers included`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
