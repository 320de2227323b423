/** A drawing with both axes in powers of ten: curves, points and words, as wide as its place. */
import { fill, h, svg } from './dom.js'
import './loglog.css'

export type Ink = 'blue' | 'orange' | 'green' | 'purple' | 'red' | 'quiet'

export interface Curve {
  readonly ink: Ink
  readonly points: readonly (readonly [x: number, y: number])[]
  /** In the legend; a curve without a name is not in it. */
  readonly name?: string
  readonly dashed?: boolean
}

export interface Mark {
  readonly ink: Ink
  readonly at: readonly [x: number, y: number]
  readonly text?: string
  /** Where the text stands; right of the point by default. */
  readonly side?: 'left' | 'right' | 'above' | 'below'
  /** A usual point by default; none: the text alone. */
  readonly dot?: 'large' | 'none'
}

export interface Drawing {
  readonly curves: readonly Curve[]
  readonly marks: readonly Mark[]
  /** A line from the top to the bottom. */
  readonly cursor?: number
}

export interface LogLogOptions {
  /** What a screen reader calls it. */
  readonly label: string
  /** The titles of the axes. */
  readonly x: string
  readonly y: string
  /** The ends of the axes. */
  readonly xs: readonly [number, number]
  readonly ys: readonly [number, number]
  /** Pixels. */
  readonly height?: number
}

const [left, right, top, bottom] = [52, 12, 10, 40] // pixels around the area

export class LogLog {
  readonly element: HTMLElement
  private readonly place = h('div', { class: 'place' })
  private readonly legend = h('ul', { class: 'legend', 'aria-hidden': 'true' })
  private drawing: Drawing = { curves: [], marks: [] }
  private readonly clip = `area-${Math.random().toString(36).slice(2)}`

  constructor(public options: LogLogOptions) {
    this.element = h('figure', { class: 'loglog' }, this.place, this.legend)
    this.place.style.height = `${options.height ?? 300}px`
    new ResizeObserver(() => this.draw()).observe(this.place)
  }

  /** Draws this in the place of what was there. */
  show(drawing: Drawing): void {
    this.drawing = drawing
    this.draw()
    fill(
      this.legend,
      drawing.curves.flatMap(({ name, ink, dashed }) =>
        name ? h('li', { class: `${ink}${dashed ? ' dashed' : ''}` }, name) : [],
      ),
    )
  }

  private draw(): void {
    const { label, x, y, xs, ys, height = 300 } = this.options
    const width = this.place.clientWidth
    if (width === 0) return
    const [w, tall] = [width - left - right, height - top - bottom]
    const along = (v: number) => left + (w * Math.log(v / xs[0])) / Math.log(xs[1] / xs[0])
    const up = (v: number) => top + tall - (tall * Math.log(v / ys[0])) / Math.log(ys[1] / ys[0])
    const { curves, marks, cursor } = this.drawing
    const inside = { 'clip-path': `url(#${this.clip})` }
    const everyX = Math.ceil((decades(xs).length * 44) / w) // labels that do not touch
    const everyY = Math.ceil((decades(ys).length * 22) / tall)
    fill(
      this.place,
      svg(
        'svg',
        { width, height, role: 'img', 'aria-label': label },
        svg(
          'clipPath',
          { id: this.clip },
          svg('rect', { x: left, y: top, width: w, height: tall }),
        ),
        decades(xs).map((p, i) => [
          svg('path', { class: 'grid', d: `M${along(10 ** p)} ${top}v${tall}` }),
          i % everyX === 0 &&
            svg('text', { x: along(10 ** p), y: top + tall + 16, class: 'middle' }, power(p)),
        ]),
        decades(ys).map((p, i) => [
          svg('path', { class: 'grid', d: `M${left} ${up(10 ** p)}h${w}` }),
          i % everyY === 0 &&
            svg('text', { x: left - 6, y: up(10 ** p) + 4, class: 'end' }, power(p)),
        ]),
        svg('text', { x: left + w / 2, y: height - 6, class: 'middle title' }, x),
        svg(
          'text',
          { class: 'middle title', transform: `translate(12 ${top + tall / 2}) rotate(-90)` },
          y,
        ),
        cursor !== undefined &&
          svg('path', { ...inside, class: 'cursor', d: `M${along(cursor)} ${top}v${tall}` }),
        curves.map(({ ink, points, dashed }) => {
          const places = points.map(([px, py]) => `${along(px)} ${up(py)}`)
          const d = places.length > 0 ? `M${places.join('L')}` : ''
          return svg('path', { ...inside, class: `curve ${ink}${dashed ? ' dashed' : ''}`, d })
        }),
        marks.map(({ ink, at: [px, py], text, side = 'right', dot }) => {
          const [cx, cy] = [along(px), up(py)]
          const aside = { left: [-10, 4], right: [10, 4], above: [0, -11], below: [0, 19] }[side]
          const anchor = { left: 'end', right: '', above: 'middle', below: 'middle' }[side]
          return [
            dot !== 'none' &&
              svg('circle', { ...inside, class: `mark ${ink}`, cx, cy, r: dot ? 7 : 5 }),
            text &&
              svg(
                'text',
                { x: cx + aside[0], y: cy + aside[1], class: `words ${anchor} ${ink}` },
                text,
              ),
          ]
        }),
      ),
    )
  }
}

/** The whole powers of ten in a range. */
function decades([from, to]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)]
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

const raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']

/** 10⁻³; numbers near 1 as they are usually written. */
export function power(p: number): string {
  if (p >= -1 && p <= 3) return String(10 ** p)
  const digits = [...String(Math.abs(p))].map(digit => raised[Number(digit)]).join('')
  return `10${p < 0 ? '⁻' : ''}${digits}`
}
