/** What an operation made, in words, and a copy as cells of its own. */
import { type Child, h } from '../../shell/dom.js'
import { memory } from './memory.js'
import { type Made, operations } from './operations.js'

export function told(name: string, result: Made): Child {
  const { label, view, copy } = operations[name]
  if (result.kind === 'view')
    return h('p', {}, h('b', {}, `${label}: a view of the same cells. `), view)
  return [
    h('p', {}, h('b', {}, `${label}: a copy, in a storage of its own. `), copy),
    memory(
      result.from.map((cell, position) => ({
        position,
        value: result.values[position],
        colour: cell,
        read: true,
        gradient: null,
        about: `Copied from cell ${cell}.`,
      })),
    ),
  ]
}
