/** The tape as a drawing: a box per leaf and record, a line per input. */
import { fill, svg } from '../../shell/dom.js'
import { type Box, headOf, type Layout, layoutOf, lineHeight, padding } from './layout.js'
import { numberText, rowsOf, type Values } from './values.js'
import type { Tape } from './walk.js'

/** What is to be seen of a tape. */
export interface Sight {
  /** Names of the records that are made already. */
  readonly made: ReadonlySet<string>
  /** Gradients by name. */
  readonly gradients: ReadonlyMap<string, Values>
  /** The record that runs now. */
  readonly current: string | null
  /** Whether its lines are walked back: by their number among its inputs. */
  readonly back: ReadonlySet<number>
  /** The names that more than one gradient has reached at this step. */
  readonly met: ReadonlySet<string>
}

/** What a reader may do with the boxes of records. */
export interface Visiting {
  readonly open: ReadonlySet<string>
  visit(name: string): void
}

const smallest = 0.85 // scale of the drawing
const tallest = 640 // pixels

export class Drawing {
  readonly element = svg('svg', { class: 'tape', role: 'group', 'aria-label': 'The tape' })
  private layout: Layout | null = null

  /** The scale of a small graph, where there is room. */
  constructor(private readonly largest = 1.6) {}

  /** Another tape. */
  draw(tape: Tape): void {
    this.layout = layoutOf(tape)
    const { width, height } = this.layout
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`)
    const scale = Math.max(smallest, Math.min(this.largest, tallest / height))
    this.element.style.width = `${scale * width}px` // less where the place is narrower
    this.element.style.minWidth = `${smallest * width}px`
  }

  show(sight: Sight, visiting: Visiting | null): void {
    const { boxes, lines: paths } = this.layout!
    const focused = document.activeElement?.getAttribute('data-name')
    fill(
      this.element,
      svg('defs', {}, head('forward'), head('back')),
      paths.map(({ to, input, passes, points }) => {
        const isBack = to === sight.current && sight.back.has(input)
        const state = isBack ? 'back' : sight.made.has(to) ? 'made' : 'later'
        const path = isBack ? [...points].reverse() : points
        return svg('path', {
          class: `line ${state} ${passes ? '' : 'closed'}`,
          d: curve(path),
          'marker-end': `url(#${isBack ? 'back' : 'forward'})`,
        })
      }),
      boxes.map(box => this.box(box, sight, visiting)),
    )
    if (focused) this.element.querySelector<SVGElement>(`[data-name="${focused}"]`)?.focus()
  }

  private box({ item, x, y, width, height }: Box, sight: Sight, visiting: Visiting | null) {
    const { name, record, values, requiresGrad } = item
    const gradient = sight.gradients.get(name)
    const open = visiting?.open.has(name)
    const classes = [
      record ? 'record' : 'leaf',
      record && !sight.made.has(name) && 'later',
      name === sight.current && 'current',
      sight.met.has(name) && 'met',
      open && 'open',
    ]
    const rows = rowsOf(values)
    const from = y - height / 2 + padding + 12
    const below = from + lineHeight * (rows.length + 1) // where the gradient stands
    const unknown = rows.map(row => row.map(() => null))
    const visit = () => visiting?.visit(name)
    return svg(
      'g',
      {
        class: classes.filter(Boolean).join(' '),
        'data-name': name,
        tabindex: open ? 0 : false,
        role: open ? 'button' : 'group',
        'aria-label': `${open ? 'Visit ' : ''}${headOf(item)}`,
        onclick: open && visit,
        onkeydown:
          open &&
          ((event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return
            event.preventDefault()
            visit()
          }),
      },
      svg('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: record ? 14 : 3 }),
      svg('text', { class: 'title', x, y: from }, headOf(item)),
      lines('value', x, from + lineHeight, rows),
      requiresGrad && svg('path', { class: 'between', d: between(x, below - 10, width) }),
      requiresGrad && lines('gradient', x, below + 4, gradient ? rowsOf(gradient) : unknown),
    )
  }
}

/** Rows of numbers in columns; a dash where there is none yet. */
function lines(kind: string, x: number, y: number, rows: readonly (readonly (number | null)[])[]) {
  const texts = rows.map(row => row.map(value => (value === null ? '–' : numberText(value))))
  const width = Math.max(...texts.flat().map(({ length }) => length))
  return texts.map((row, i) =>
    svg(
      'text',
      { class: kind, x, y: y + lineHeight * i },
      row.map((text, j) => (j > 0 ? '  ' : '') + text.padStart(row.length > 1 ? width : 0)),
    ),
  )
}

/** Between the values and the gradient. */
function between(x: number, y: number, width: number): string {
  return `M${x - width / 2 + padding},${y} h${width - 2 * padding}`
}

/** The head of an arrow. */
function head(id: string): SVGElement {
  const place = { id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 10, markerHeight: 10 }
  return svg(
    'marker',
    { ...place, orient: 'auto', markerUnits: 'userSpaceOnUse' },
    svg('path', { d: 'M0,0 L8,4 L0,8 z' }),
  )
}

/** Through the points, round at the corners. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [start, ...rest] = points
  const end = rest.pop()!
  const middle = rest.map((p, i) => {
    const next = rest[i + 1] ?? end
    return `Q${p.x},${p.y} ${(p.x + next.x) / 2},${(p.y + next.y) / 2}`
  })
  return `M${start.x},${start.y} ${middle.join(' ')} L${end.x},${end.y}`
}
