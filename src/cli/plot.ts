/** The course of a training as a figure. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

export interface LossPoint {
  step: number
  loss: number
}

const width = 720
const margin = { marginLeft: 64, marginRight: 36, marginTop: 72, marginBottom: 52 }
const [pale, blue, red] = ['#a9c3f5', '#1d4ed8', '#dc2626']

/**
 * Training loss over steps, raw and smoothed (the mean over a sixteenth of the points, at most 40),
 * and test losses as dots. An SVG that stands alone, 720 × 420, on white.
 */
export function lossCurve(
  points: readonly LossPoint[],
  { title, test = [] }: { title: string; test?: readonly LossPoint[] },
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const xy = { x: 'step', y: 'loss' }
  const smooth = {
    k: Math.min(Math.max(1, Math.ceil(points.length / 16)), 40),
    anchor: 'middle',
  } as const
  const figure = Plot.plot({
    document,
    width,
    height: 420,
    ...margin,
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px', background: 'white' },
    x: { label: 'step', labelAnchor: 'center', labelArrow: 'none', nice: true, ticks: 8 },
    y: {
      label: 'mean squared error',
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 54,
      grid: true,
      nice: true,
      zero: true,
      ticks: 6,
    },
    marks: [
      Plot.ruleY([0], { stroke: '#888' }),
      Plot.line([...points], { ...xy, stroke: pale, strokeWidth: 1 }),
      Plot.line([...points], Plot.windowY(smooth, { ...xy, stroke: blue, strokeWidth: 2 })),
      Plot.dot([...test], { ...xy, fill: red, stroke: 'white', r: 4 }),
    ],
  })
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  figure.append(...heading(document, title, test.length > 0))
  return `${figure.outerHTML}\n`
}

/** The title, and the legend in a line below it. */
function heading(document: Document, title: string, tested: boolean): Element[] {
  const left = margin.marginLeft
  const line = { y1: 50, y2: 50 }
  const text = { 'text-anchor': 'start', y: 54 }
  const elements: [tag: string, attributes: Record<string, string | number>, words?: string][] = [
    ['text', { ...text, x: left, y: 30, 'font-size': 16, 'font-weight': 600 }, title],
    ['line', { ...line, x1: left, x2: left + 22, stroke: pale, 'stroke-width': 1.5 }],
    ['text', { ...text, x: left + 28 }, 'training, one batch'],
    ['line', { ...line, x1: left + 180, x2: left + 202, stroke: blue, 'stroke-width': 2 }],
    ['text', { ...text, x: left + 208 }, 'training, smoothed'],
  ]
  if (tested) {
    elements.push(
      ['circle', { cx: left + 368, cy: 50, r: 4, fill: red }],
      ['text', { ...text, x: left + 380 }, 'test set, after an epoch'],
    )
  }
  return elements.map(([tag, attributes, words = '']) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`)
    element.textContent = words
    return element
  })
}
