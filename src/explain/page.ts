/** The tape as a page: a drawing and a table, in one file without scripts. */
import { show } from '../tensor/shape.js'
import { edgesOf, leavesOf } from './drawings.js'
import type { TapeRecord } from './tape.js'

const [width, height, gapX, gapY] = [150, 46, 24, 44] // pixels of a box, and between boxes

/** HTML with an SVG: each record below its inputs, in rows. */
export function page(records: readonly TapeRecord[], text: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The tape</title>
<style>
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --leaf: #e8eefc; --op: #f6f1e4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ddd; --paper: #161616; --leaf: #1e2a45; --op: #3a3222; } }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 2rem; }
svg { max-width: 100%; height: auto; } text { fill: var(--ink); text-anchor: middle; }
rect { stroke: var(--ink); stroke-opacity: .4; }
.leaf { fill: var(--leaf); } .op { fill: var(--op); }
path { fill: none; stroke: var(--ink); stroke-opacity: .6; } .closed { stroke-dasharray: 4 4; }
pre { overflow-x: auto; }
</style>
</head>
<body>
<h1>The tape</h1>
<p>Leaves at the top, the result at the bottom. A gradient goes back along each solid line.</p>
${drawing(records)}
<pre>${escaped(text)}</pre>
</body>
</html>
`
}

function drawing(records: readonly TapeRecord[]): string {
  const places = placesOf(records)
  const columns = Math.max(...[...places.values()].map(({ column }) => column)) + 1
  const rows = Math.max(...[...places.values()].map(({ row }) => row)) + 1
  const x = (name: string) => places.get(name)!.column * (width + gapX) + width / 2 + gapX
  const y = (name: string) => places.get(name)!.row * (height + gapY) + gapX
  const lines = edgesOf(records).map(([from, to, passes]) => {
    const [a, b] = [y(from) + height, y(to)]
    const bend = `C ${x(from)} ${a + gapY} ${x(to)} ${b - gapY}`
    const curve = `M ${x(from)} ${a} ${bend} ${x(to)} ${b}`
    return `<path d="${curve}"${passes ? '' : ' class="closed"'}/>`
  })
  const box = (name: string, first: string, second: string, kind: string) =>
    `<rect class="${kind}" x="${x(name) - width / 2}" y="${y(name)}" width="${width}" ` +
    `height="${height}" rx="${kind === 'op' ? 20 : 4}"/>` +
    `<text x="${x(name)}" y="${y(name) + 19}" font-weight="600">${escaped(first)}</text>` +
    `<text x="${x(name)}" y="${y(name) + 37}" font-size="12">${escaped(second)}</text>`
  const boxes = [
    ...leavesOf(records).map(([name, shape]) => box(name, name, shape, 'leaf')),
    ...records.map(({ name, op, shape }) => box(name, op, `${name} ${show(shape)}`, 'op')),
  ]
  const [w, h] = [columns * (width + gapX) + gapX, rows * (height + gapY)]
  return `<svg viewBox="0 0 ${w} ${h}" width="${w}" role="img" aria-label="The tape as a graph">
${lines.join('\n')}
${boxes.join('\n')}
</svg>`
}

/**
 * A record is a row below all its inputs, a leaf in the row above its first use. In each row the
 * columns are taken from the left, but for those that a longer line passes through.
 */
function placesOf(records: readonly TapeRecord[]): Map<string, { row: number; column: number }> {
  const rows = new Map<string, number>()
  const made = new Set(records.map(({ name }) => name))
  for (const { name, inputs } of records) {
    const above = inputs.filter(input => made.has(input.name)).map(input => rows.get(input.name)!)
    rows.set(name, Math.max(0, ...above) + 1)
    for (const input of inputs) if (!rows.has(input.name)) rows.set(input.name, rows.get(name)! - 1)
  }
  const edges = edgesOf(records)
  const columns = new Map<string, number>()
  const ordered = [...rows].sort(
    ([a, r], [b, s]) => r - s || Number(made.has(b)) - Number(made.has(a)),
  )
  for (const [name, row] of ordered) {
    const passing = edges
      .filter(([from, to]) => rows.get(from)! < row && rows.get(to)! > row)
      .map(([from]) => columns.get(from))
    const beside = ordered.filter(([, r]) => r === row).map(([other]) => columns.get(other))
    const taken = new Set([...passing, ...beside])
    let column = 0
    while (taken.has(column)) column++
    columns.set(name, column)
  }
  return new Map(ordered.map(([name, row]) => [name, { row, column: columns.get(name)! }]))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
