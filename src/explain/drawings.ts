/** The tape as a graph, in the languages of two programs that draw graphs. */
import { show } from '../tensor/shape.js'
import type { TapeRecord } from './tape.js'

/** From inputs to results, for Graphviz. Dashed: no gradient passes. */
export function dot(records: readonly TapeRecord[]): string {
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  const lines = [
    ...leavesOf(records).map(
      ([name, shape]) => `  ${quoted(name)} [shape=box, label=${quoted(`${name}\n${shape}`)}]`,
    ),
    ...records.map(
      ({ name, op, shape }) =>
        `  ${quoted(name)} [shape=ellipse, label=${quoted(`${op}\n${show(shape)}`)}]`,
    ),
    ...edgesOf(records).map(
      ([from, to, passes]) =>
        `  ${quoted(from)} -> ${quoted(to)}${passes ? '' : ' [style=dashed]'}`,
    ),
  ]
  return `digraph tape {\n${lines.map(line => line.replaceAll('\n', '\\n')).join('\n')}\n}\n`
}

/** The same for Mermaid. */
export function mermaid(records: readonly TapeRecord[]): string {
  const ids = new Map<string, string>()
  const id = (name: string) => {
    if (!ids.has(name)) ids.set(name, `n${ids.size}`)
    return ids.get(name)!
  }
  const words = (text: string) => text.replaceAll('"', '#quot;')
  const lines = [
    ...leavesOf(records).map(([name, shape]) => `  ${id(name)}["${words(name)}<br/>${shape}"]`),
    ...records.map(({ name, op, shape }) => `  ${id(name)}(["${words(op)}<br/>${show(shape)}"])`),
    ...edgesOf(records).map(
      ([from, to, passes]) => `  ${id(from)} ${passes ? '-->' : '-.->'} ${id(to)}`,
    ),
  ]
  return `flowchart TB\n${lines.join('\n')}\n`
}

/** Name and shape of what no record made. */
export function leavesOf(records: readonly TapeRecord[]): [name: string, shape: string][] {
  const made = new Set(records.map(({ name }) => name))
  const leaves = records
    .flatMap(({ inputs }) => inputs)
    .filter(({ name }) => !made.has(name))
    .map(({ name, shape }): [string, string] => [name, show(shape)])
  return [...new Map(leaves)]
}

/** From an input to the record that used it, and whether a gradient passes back. */
export function edgesOf(
  records: readonly TapeRecord[],
): [from: string, to: string, passes: boolean][] {
  return records.flatMap(({ name, inputs }) =>
    inputs.map(({ name: from, passes }): [string, string, boolean] => [from, name, passes]),
  )
}
