/** The course of a training as a figure. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

export interface LossPoint {
  step: number
  loss: number
}

/** Training loss over steps, with test losses as dots: an SVG that stands alone. */
export function lossCurve(
  points: readonly LossPoint[],
  { title, test = [] }: { title: string; test?: readonly LossPoint[] },
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const blue = '#2563eb'
  const figure = Plot.plot({
    document,
    width: 720,
    height: 420,
    marginLeft: 64,
    marginBottom: 52,
    marginTop: 48,
    marginRight: 96,
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px', background: 'white' },
    x: { label: 'step', labelAnchor: 'center', labelArrow: 'none', nice: true, ticks: 8 },
    y: {
      label: 'mean squared error',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      nice: true,
      zero: true,
    },
    marks: [
      Plot.ruleY([0], { stroke: '#888' }),
      Plot.line([...points], { x: 'step', y: 'loss', stroke: blue, strokeWidth: 1.75 }),
      Plot.dot([...test], { x: 'step', y: 'loss', fill: '#dc2626', r: 4 }),
      Plot.text(points.slice(-1), {
        x: 'step',
        y: 'loss',
        text: () => 'training',
        fill: blue,
        textAnchor: 'start',
        dx: 8,
        dy: 9,
      }),
      Plot.text(test.slice(-1), {
        x: 'step',
        y: 'loss',
        text: () => 'test',
        fill: '#dc2626',
        textAnchor: 'start',
        dx: 8,
        dy: -9,
      }),
      Plot.text([title], { frameAnchor: 'top-left', dy: -32, fontSize: 16, fontWeight: 600 }),
    ],
  })
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${figure.outerHTML}\n`
}
