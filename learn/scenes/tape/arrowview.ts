/** The arrows of an operation as they stand in the source. */
import { type Child, h } from '../../shell/dom.js'
import { arrows, linesOf } from './arrows.js'

const sources = import.meta.glob<string>(
  '../../../src/autograd/ops/{arithmetic,product,linear,expand,sum,reshape,losses,pointwise}.ts',
  { query: '?raw', import: 'default', eager: true },
)

export function arrowsInSource(op: string): Child {
  const known = arrows[op]
  if (!known) return null
  const { line, text } = linesOf(known, sources[`../../../src/autograd/ops/${known.file}`])
  return [
    h('pre', { class: 'arrows', tabindex: 0 }, text),
    h('p', { class: 'meaning' }, `src/autograd/ops/${known.file}, line ${line}`),
  ]
}
