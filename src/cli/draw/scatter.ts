/** Points of a plane in the colours of their classes, as a figure that stands alone. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { draw, style } from '../plot.js'
import { type Centre, centresOf } from './centres.js'
import { colourOf } from './palette.js'

export interface ScatterOptions {
  readonly title: string
  /** The line below the title. */
  readonly subtitle: string
  readonly axes: readonly [x: string, y: string]
  /** The class of each point, or null if nothing is known of classes. */
  readonly labels: Uint8Array | null
}

const [width, height] = [760, 760]
const nameSize = 24
const margin = { marginLeft: 64, marginRight: 28, marginTop: 84, marginBottom: 56 }

/**
 * Points [n, 2]; a unit is as long to the right as upwards. The name of a class stands where its
 * points are densest.
 */
export function scatter(points: Float32Array, options: ScatterOptions): string {
  const { title, subtitle, axes, labels } = options
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const rows = Array.from({ length: points.length / 2 }, (_, i) => ({
    x: points[2 * i],
    y: points[2 * i + 1],
    fill: labels ? colourOf(labels[i]) : '#332288',
  }))
  const [x, y] = domains(points)
  const unit = (x[1] - x[0]) / (width - margin.marginLeft - margin.marginRight)
  const names = labels
    ? centresOf(points, labels, { size: 2, least: nameSize * unit }).map(named)
    : []
  const axis = { labelAnchor: 'center', labelArrow: 'none', nice: false, ticks: 8 } as const
  const name = { x: 'x', y: 'y', text: 'label', fontSize: nameSize, fontWeight: 700 } as const
  const figure = Plot.plot({
    document,
    width,
    height,
    ...margin,
    style,
    x: { ...axis, domain: x, label: axes[0], labelOffset: 46, grid: true },
    y: { ...axis, domain: y, label: axes[1], labelOffset: 52, grid: true },
    marks: [
      Plot.dot(rows, { x: 'x', y: 'y', fill: 'fill', r: 2.3, fillOpacity: 0.65 }),
      Plot.text(names, { ...name, fill: 'fill', stroke: 'white', strokeWidth: 6 }),
    ],
  })
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const left = { x: margin.marginLeft, 'text-anchor': 'start' }
  figure.prepend(...draw(document, [['rect', { width, height, fill: 'white' }]]))
  figure.append(
    ...draw(document, [
      ['text', { ...left, y: 34, 'font-size': 16, 'font-weight': 600 }, title],
      ['text', { ...left, y: 58, fill: '#555' }, subtitle],
    ]),
  )
  return `${figure.outerHTML}\n`
}

/** The range of each axis: with equal units, and a little space around the points. */
function domains(points: Float32Array): [x: [number, number], y: [number, number]] {
  const ranges = [0, 1].map(a => {
    const values = points.filter((_, i) => i % 2 === a)
    return values.reduce(
      ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
      [Infinity, -Infinity],
    )
  })
  const [across, up] = [
    width - margin.marginLeft - margin.marginRight,
    height - margin.marginTop - margin.marginBottom,
  ]
  const [spanX, spanY] = ranges.map(([low, high]) => 1.06 * (high - low) || 1)
  const unit = Math.max(spanX / across, spanY / up)
  const [x, y] = ranges.map(([low, high], a): [number, number] => {
    const half = (unit * (a === 0 ? across : up)) / 2
    return [(low + high) / 2 - half, (low + high) / 2 + half]
  })
  return [x, y]
}

function named({ label, place: [x, y] }: Centre) {
  return { x, y, label: `${label}`, fill: colourOf(label) }
}
