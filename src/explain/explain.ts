/** What the tape behind a result says: for people, and as drawings. */
import { columns } from '../nn/columns.js'
import { optionsOf } from '../tensor/arguments.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { dot, mermaid } from './drawings.js'
import { page } from './page.js'
import { type Names, recordsBehind, type TapeRecord } from './tape.js'

export interface ExplainOptions {
  /** Names for leaves, such as `{ model, x, y }`. */
  names?: Names
}

/** The tape of a result. `String(explanation)` is its text. */
export class Explanation {
  /** Oldest first. */
  readonly records: readonly TapeRecord[]

  constructor(records: readonly TapeRecord[]) {
    this.records = records
  }

  /** A table: each record with its equation, its shape and its inputs; * where gradients pass. */
  toString(): string {
    const rows = this.records.map(({ name, op, shape, formula, inputs }) => [
      name,
      op,
      show(shape),
      formula,
      inputs.map(({ name, passes }) => (passes ? `${name}*` : name)).join(', '),
    ])
    return columns([['', 'op', 'shape', 'equation', 'of'], ...rows]).join('\n')
  }

  /** For Graphviz: `dot -Tsvg`. */
  toDot(): string {
    return dot(this.records)
  }

  /** For Markdown, where Mermaid draws it. */
  toMermaid(): string {
    return mermaid(this.records)
  }

  /** One page that stands alone, without scripts. */
  toHtml(): string {
    return page(this.records, this.toString())
  }

  /** The text that console.log prints in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * The tape behind y: which operations made it, of what, and where gradients pass.
 *
 *     console.log(explain(loss, { names: { model, x } }))
 *
 * Call it before backward(), which frees the graph.
 * @throws Error when y was not recorded, or its graph was freed
 */
export function explain(y: Tensor, options: ExplainOptions = {}): Explanation {
  const { names } = optionsOf('explain', options, ['names'])
  return new Explanation(recordsBehind('explain', y, names))
}
