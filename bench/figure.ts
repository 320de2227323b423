/** The roofline and the ladder as one figure. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { draw, ink, type Shape, style } from '../src/cli/plot.js'
import { check } from '../src/kernels/check.js'
import { type About, place } from './about.js'
import type { Result, Roofs } from './result.js'

const [width, height, top] = [1120, 580, 92]
const split = 640
/** The families of rows whose operations are counted, each with its colour. */
const colours: Record<string, string> = {
  matmul: '#1d4ed8',
  linear: '#0d9488',
  conv: '#dc2626',
  convTranspose: '#ea580c',
  step: '#7c3aed',
}

/**
 * Left: the roofline. Each row's rate over its operations per byte, below the two limits of the
 * adapter: its best rate of multiply-adds and of memory. Right: the ladders, a bar per kernel.
 * A complete SVG, 1120 × 580, on white.
 * @throws Error when there is nothing to show
 */
export function figure(results: readonly Result[], about: About, roofs: Roofs): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const points = results.flatMap(pointOf)
  const rungs = results.flatMap(rungOf)
  check(
    points.length + rungs.length > 0,
    () =>
      `--plot: no row to show; the figure is of ${Object.keys(colours).join(', ')} and ladder, ` +
      'so --only must leave some of them',
  )
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [name, value] of Object.entries({
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': style.fontFamily,
    'font-size': style.fontSize,
    fill: ink,
  }))
    svg.setAttribute(name, `${value}`)
  svg.append(...draw(document, heading(about)))
  if (points.length > 0) {
    const families = Object.keys(colours).filter(family => points.some(p => p.family === family))
    svg.append(...draw(document, legend(families)))
    svg.append(at(0, top, roofline(document, points, roofs)))
  }
  const all = [...new Set(rungs.map(r => r.ladder))]
  const tall = (height - top) / all.length
  for (const [i, name] of all.entries()) {
    const panel = ladder(
      document,
      rungs.filter(r => r.ladder === name),
      tall,
    )
    svg.append(at(split, top + i * tall, panel))
  }
  return `${svg.outerHTML}\n`
}

interface Point {
  family: string
  /** Floating-point operations per byte. */
  intensity: number
  gflops: number
}

function pointOf({ name, flops, bytes, gflopsBest }: Result): Point[] {
  const family = name.split('/')[0]
  if (!(family in colours) || !flops || !bytes || !gflopsBest) return []
  return [{ family, intensity: flops / bytes, gflops: gflopsBest }]
}

interface Rung {
  ladder: string
  rung: string
  gflops: number
}

/** ladder/matmul/512x512x512/naive, ladder/conv/…/naive */
function rungOf({ name, gflopsBest }: Result): Rung[] {
  const [family, of, ...rest] = name.split('/')
  if (family !== 'ladder' || !gflopsBest) return []
  return [
    { ladder: `${of} ${rest.slice(0, -1).join(' ')}`, rung: rest.at(-1)!, gflops: gflopsBest },
  ]
}

const axis = { labelAnchor: 'center', labelArrow: 'none' } as const

function roofline(document: Document, points: readonly Point[], { gflops, gbs }: Roofs): Element {
  const intensities = points.map(p => p.intensity)
  const ridge = gflops / gbs
  const [least, most] = [
    Math.min(...intensities, ridge) / 2,
    2 * Math.max(...intensities, 2 * ridge),
  ]
  const slowest = Math.min(...points.map(p => p.gflops), gbs * least)
  const roof = [
    { x: least, y: gbs * least },
    { x: ridge, y: gflops },
    { x: most, y: gflops },
  ]
  return Plot.plot({
    document,
    width: split,
    height: height - top,
    marginLeft: 68,
    marginRight: 24,
    marginBottom: 52,
    style,
    x: {
      ...axis,
      type: 'log',
      domain: [least, most],
      label: 'floating-point operations per byte moved',
      labelOffset: 44,
      tickFormat: '~g',
      ticks: 5,
    },
    y: {
      ...axis,
      type: 'log',
      domain: [slowest / 2, 2 * gflops],
      label: 'GFLOP/s, best round',
      labelOffset: 56,
      grid: true,
      tickFormat: '~g',
      ticks: 5,
    },
    color: { domain: Object.keys(colours), range: Object.values(colours) },
    marks: [
      Plot.line(roof, { x: 'x', y: 'y', stroke: ink, strokeWidth: 1.5 }),
      Plot.text([{ x: most, y: gflops }], {
        x: 'x',
        y: 'y',
        text: () => `multiply-add ${gflops.toFixed(0)} GFLOP/s`,
        textAnchor: 'end',
        dy: -10,
      }),
      Plot.text([{ x: Math.sqrt(least * ridge), y: gbs * Math.sqrt(least * ridge) }], {
        x: 'x',
        y: 'y',
        text: () => `memory ${gbs.toFixed(1)} GB/s`,
        textAnchor: 'end',
        dx: -10,
        dy: -6,
      }),
      Plot.dot(points, { x: 'intensity', y: 'gflops', fill: 'family', stroke: 'white', r: 4.5 }),
    ],
  }) as unknown as Element
}

/** The bars of one ladder, the plainest kernel on top. */
function ladder(document: Document, rungs: readonly Rung[], tall: number): Element {
  const y = { label: null, domain: rungs.map(r => r.rung) }
  return Plot.plot({
    document,
    width: width - split,
    height: tall,
    marginLeft: 100,
    marginRight: 60,
    marginTop: 40,
    marginBottom: 52,
    style,
    x: { ...axis, label: 'GFLOP/s, best round', labelOffset: 44, grid: true, ticks: 5 },
    y,
    marks: [
      Plot.barX(rungs, { x: 'gflops', y: 'rung', fill: colours.matmul }),
      Plot.text(rungs, {
        x: 'gflops',
        y: 'rung',
        text: r => r.gflops.toFixed(1),
        textAnchor: 'start',
        dx: 6,
      }),
      Plot.text([rungs[0].ladder], {
        text: d => d,
        frameAnchor: 'top-left',
        dy: -22,
        fontWeight: 600,
      }),
    ],
  }) as unknown as Element
}

/** Families and their colours, in one line. */
function legend(families: readonly string[]): Shape[] {
  return families.flatMap((family, i): Shape[] => [
    ['circle', { cx: 74 + 118 * i, cy: 84, r: 4.5, fill: colours[family] }],
    ['text', { x: 84 + 118 * i, y: 88, 'text-anchor': 'start' }, family],
  ])
}

function heading(about: About): Shape[] {
  const text = { x: 24, 'text-anchor': 'start' }
  return [
    ['rect', { width, height, fill: 'white' }],
    [
      'text',
      { ...text, y: 34, 'font-size': 17, 'font-weight': 600 },
      'kernelgrad: what its kernels reach',
    ],
    ['text', { ...text, y: 58 }, place(about)],
  ]
}

function at(x: number, y: number, panel: Element): Element {
  panel.setAttribute('x', `${x}`)
  panel.setAttribute('y', `${y}`)
  return panel
}
