/** The losses of a training as a figure. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

export interface LossPoint {
  step: number
  loss: number
}

export interface CurveOptions {
  title: string
  /** What the losses are. */
  y?: string
  /** Losses on the test set. */
  test?: readonly LossPoint[]
}

const [width, height] = [720, 420]
const margin = { marginLeft: 80, marginRight: 32, marginTop: 72, marginBottom: 52 }
export const ink = '#222'
const [pale, blue, red] = ['#a9c3f5', '#1d4ed8', '#dc2626']
/** The text style of the project's figures. */
export const style = {
  fontFamily: 'system-ui, "Helvetica Neue", Arial, sans-serif',
  fontSize: '13px',
  color: ink,
}

/**
 * Training loss over steps, raw and smoothed (each point the mean over the 4% around it), and test
 * losses as dots. A loss that is infinite or not a number leaves a gap.
 * An SVG that stands alone, 720 × 420, on white.
 */
export function lossCurve(
  points: readonly LossPoint[],
  { title, y = 'mean squared error', test = [] }: CurveOptions,
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const xy = { x: 'step', y: 'loss' }
  const raw = points.map(finite)
  const dots = test.map(finite)
  const smooth = { k: Math.ceil(raw.length / 25) || 1, anchor: 'middle' } as const
  const [last, highest] = [largest([...raw, ...dots], 'step'), largest([...raw, ...dots], 'loss')]
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const
  const figure = Plot.plot({
    document,
    width,
    height,
    ...margin,
    style,
    x: {
      ...axis,
      label: 'step',
      labelOffset: 44,
      domain: [0, last || 1],
      ticks: Math.min(8, last || 1),
    },
    y: {
      ...axis,
      label: y,
      labelOffset: 68,
      grid: true,
      domain: [0, highest || 1],
      nice: 6,
      ticks: 6,
      tickFormat: highest >= 1e5 || (highest && highest < 1e-3) ? exponential : undefined,
    },
    marks: [
      Plot.ruleY([0], { stroke: '#888' }),
      Plot.line(raw, { ...xy, stroke: pale, strokeWidth: 1 }),
      Plot.line(raw, {
        ...Plot.windowY(smooth, { ...xy, stroke: blue, strokeWidth: 2 }),
        marker: raw.length === 1 ? 'dot' : 'none',
      }),
      Plot.dot(dots, { ...xy, fill: red, stroke: 'white', r: 4 }),
    ],
  })
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  figure.prepend(...draw(document, [['rect', { width, height, fill: 'white' }]]))
  figure.append(...draw(document, heading(title, test.length > 0)))
  return `${figure.outerHTML}\n`
}

function finite({ step, loss }: LossPoint): LossPoint {
  return { step, loss: Number.isFinite(loss) ? loss : Number.NaN }
}

function largest(points: readonly LossPoint[], key: keyof LossPoint): number {
  return points.reduce((most, { [key]: value }) => (value > most ? value : most), 0)
}

/** 20000 as 2e+4, so that it stays short. */
function exponential(value: number): string {
  return value === 0 ? '0' : value.toExponential(1).replace('.0e', 'e')
}

export type Shape = [tag: string, attributes: Record<string, string | number>, words?: string]

/** The title, shortened where it would not fit, and the legend in a line below it. */
function heading(title: string, tested: boolean): Shape[] {
  const left = margin.marginLeft
  const short = title.length > 60 ? `${title.slice(0, 59)}…` : title
  const line = { y1: 50, y2: 50 }
  const text = { 'text-anchor': 'start', y: 54 }
  const shapes: Shape[] = [
    ['text', { ...text, x: left, y: 30, 'font-size': 16, 'font-weight': 600 }, short],
    ['line', { ...line, x1: left, x2: left + 22, stroke: pale, 'stroke-width': 1.5 }],
    ['text', { ...text, x: left + 28 }, 'training, ten steps'],
    ['line', { ...line, x1: left + 180, x2: left + 202, stroke: blue, 'stroke-width': 2 }],
    ['text', { ...text, x: left + 208 }, 'training, smoothed'],
  ]
  if (!tested) return shapes
  return [
    ...shapes,
    ['circle', { cx: left + 368, cy: 50, r: 4, fill: red }],
    ['text', { ...text, x: left + 380 }, 'test set, after an epoch'],
  ]
}

/** SVG elements, each with its tag, attributes and text. */
export function draw(document: Document, shapes: readonly Shape[]): Element[] {
  return shapes.map(([tag, attributes, words = '']) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`)
    element.textContent = words
    return element
  })
}
