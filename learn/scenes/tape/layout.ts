/** Where the boxes of the graph stand: leaves at the top, the result at the bottom. */
import { Graph, layout } from '@dagrejs/dagre'
import { rowsOf } from './values.js'
import type { Item, Tape } from './walk.js'

/** Pixels. */
export interface Box {
  readonly item: Item
  /** Of its middle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Line {
  readonly from: string
  readonly to: string
  /** Which of the record's inputs it is. */
  readonly input: number
  readonly passes: boolean
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

export const lineHeight = 17
export const padding = 8
const character = 7.3 // of the numbers' font, at its size

/** Lines of text in a box: its title, its values, and a place for its gradient. */
function heightOf({ values, requiresGrad }: Item): number {
  const rows = rowsOf(values).length
  return 2 * padding + lineHeight * (1 + rows * (requiresGrad ? 2 : 1)) + (requiresGrad ? 8 : 0)
}

const widest = 9 // characters per number, with the space between two

function widthOf(item: Item): number {
  const columns = rowsOf(item.values)[0].length
  const title = headOf(item).length * 1.1 + 1 // it is larger
  return 2 * padding + character * Math.max(columns * widest - 2, title, 8)
}

/** `x`, or `a = mul`. */
export function headOf({ title, record }: Item): string {
  return record ? `${title} = ${record.op}` : title
}

export function layoutOf({ items, records }: Tape): Layout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 34, edgesep: 14, marginx: 6, marginy: 6 })
  for (const item of items.values())
    graph.setNode(item.name, { width: widthOf(item), height: heightOf(item) })
  for (const { name, inputs } of records)
    for (const [i, input] of inputs.entries()) graph.setEdge(input.name, name, {}, String(i))
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    width,
    height,
    boxes: [...items.values()].map(item => ({ item, ...(graph.node(item.name) as Place) })),
    lines: records.flatMap(({ name, inputs }) =>
      inputs.map((input, i) => ({
        from: input.name,
        to: name,
        input: i,
        passes: input.passes,
        points: graph.edge(input.name, name, String(i)).points,
      })),
    ),
  }
}

type Place = Omit<Box, 'item'>
