/** A row of the table of layers, and how a layer is tested: its parameters become inputs. */
import { nn, type Tensor } from '../../src/index.js'
import type { Grid } from './reference.js'
import type { Case, Row } from './row.js'
import { type OpName, table } from './table.js'
import { type Trial, terms } from './trial.js'

type Layer = nn.Module<Tensor | Tensor[]>

/** The parameters by their names: `weight`, `0.bias`. */
type Parameters = Readonly<Record<string, Grid>>

/**
 * A layer's row. A case has the shapes of the arguments of `forward`, then the arguments of the
 * constructor. In `from` and `linear` the parameters follow the inputs, in the order of
 * `namedParameters()`.
 */
export interface LayerRow extends Omit<Row, 'f' | 'call' | 'whole'> {
  /** Inputs, parameters, the constructor's arguments. */
  readonly f: (xs: Grid[], parameters: Parameters, ...args: never[]) => Grid | Grid[]
  /** `new nn.NAME(...args)` by default. */
  readonly make?: (...args: never[]) => Layer
}

/** The classes of `nn` that can be built and called. */
export type LayerName = 'LSTM' | 'LSTMCell' | 'MultiheadAttention' | Plain

/** Those that return a tensor, or several. */
type Plain = {
  [K in keyof typeof nn]: (typeof nn)[K] extends new (
    ...args: never[]
  ) => nn.Module<Tensor | Tensor[]>
    ? K
    : never
}[keyof typeof nn]

/** The row of a layer that only calls an op: its options are the op's arguments. */
export function shell(name: OpName): LayerRow {
  const { f, call, whole, ...row } = table[name] as Row
  return { ...row, f: (xs, _, ...args) => (f as (...all: unknown[]) => Grid)(...xs, ...args) }
}

/** A layer on one case of its row. It is built here, so the device must be open. */
export function layerTrial(name: LayerName, { make, f, ...row }: LayerRow, c: Case): Trial {
  const layer = make ? make(...(c.args as never[])) : build(name, c.args)
  const parameters = layer.namedParameters()
  const count = c.inputs.length
  const inputs = [...c.inputs, ...parameters.map(([, p]) => p.shape)]
  return {
    name,
    engine(...xs) {
      for (const [i, [path]] of parameters.entries()) replace(layer, path, xs[count + i] as Tensor)
      return [layer.forward(...(xs.slice(0, count) as Tensor[]))].flat()
    },
    reference(...xs) {
      const named = parameters.map(([path], i) => [path, xs[count + i]])
      const given = [xs.slice(0, count), Object.fromEntries(named), ...c.args]
      return [(f as (...all: unknown[]) => Grid | Grid[])(...given)].flat()
    },
    ...terms(row, { ...c, inputs }),
  }
}

function build(name: LayerName, args: readonly unknown[]): Layer {
  const Made = nn[name] as unknown as new (...all: unknown[]) => Layer
  return new Made(...args)
}

/** Replaces the parameter at a path, such as `0.weight`, by another tensor. */
function replace(layer: nn.Module<unknown>, path: string, x: Tensor): void {
  const names = path.split('.')
  const last = names.pop()!
  const owner = names.reduce(
    (module, name) => module.children().find(([own]) => snakeCase(own) === name)![1],
    layer,
  )
  const property = Object.keys(owner).find(own => snakeCase(own) === last)!
  Object.assign(owner, { [property]: x })
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
