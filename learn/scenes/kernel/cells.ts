/** A tensor as cells on a canvas: which of them somebody reads. */
import { h } from '../../shell/dom.js'
import type { Planes } from './subject.js'

/** 0: not read; 1: by others only; 2: by the workgroup; 3: by the invocation. */
export type Level = 0 | 1 | 2 | 3

const inks = ['--cell', '--cell', '--cell-group', '--cell-self'] as const

/** The planes of a tensor side by side, as many per row as there is room for. */
export class Cells {
  readonly element: HTMLElement
  private readonly canvas: HTMLCanvasElement
  private levels: ArrayLike<number> = []
  private side = 1

  /** `onpick` gets the number of the cell at which the reader points, or to which arrow keys lead. */
  constructor(
    readonly planes: Planes,
    label: string,
    onpick?: (cell: number) => void,
  ) {
    this.canvas = h('canvas', { role: 'img', 'aria-label': label })
    if (onpick) this.letPick(onpick)
    this.element = h('div', { class: 'cells' }, h('p', {}, label), this.canvas)
    new ResizeObserver(() => this.draw()).observe(this.element)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw())
  }

  private letPick(onpick: (cell: number) => void): void {
    const { planes, rows, columns } = this.planes
    const { canvas } = this
    const size = planes * rows * columns
    let at = 0
    const pick = (cell: number) => {
      at = cell
      say()
      onpick(cell)
    }
    const say = () => {
      canvas.setAttribute('aria-valuenow', String(at))
      const place = `row ${Math.floor(at / columns) % rows}, column ${at % columns}`
      const plane = planes > 1 ? `plane ${Math.floor(at / (rows * columns))}, ` : ''
      canvas.setAttribute('aria-valuetext', plane + place)
    }
    canvas.className = 'pick'
    canvas.tabIndex = 0
    canvas.setAttribute('role', 'slider')
    canvas.setAttribute('aria-valuemin', '0')
    canvas.setAttribute('aria-valuemax', String(size - 1))
    say()
    canvas.addEventListener('click', event => {
      const cell = this.cellAt(event.offsetX, event.offsetY)
      if (cell !== null) pick(cell)
    })
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
    }
    canvas.addEventListener('keydown', event => {
      const to = at + (steps[event.key] ?? Number.NaN)
      if (!(to >= 0 && to < size)) return
      event.preventDefault()
      pick(to)
    })
  }

  /** A level per element. */
  show(levels: ArrayLike<number>): void {
    this.levels = levels
    this.draw()
  }

  /** Planes per row. */
  private get across(): number {
    const { planes, rows, columns } = this.planes
    const square = Math.ceil(Math.sqrt((planes * rows) / columns))
    return Math.min(planes, 2 ** Math.ceil(Math.log2(square)))
  }

  private get gap(): number {
    return this.planes.planes > 1 ? 1 : 0 // cells between planes
  }

  private draw(): void {
    const { planes, rows, columns } = this.planes
    const width = Math.min(this.element.clientWidth, 240)
    if (width === 0) return
    const wide = this.across * (columns + this.gap) - this.gap
    const tall = Math.ceil(planes / this.across) * (rows + this.gap) - this.gap
    this.side = Math.max(1, Math.floor(Math.min(width / wide, 240 / tall) * 2) / 2)
    const scale = devicePixelRatio
    const [w, height] = [wide * this.side, tall * this.side]
    this.canvas.width = Math.round(w * scale)
    this.canvas.height = Math.round(height * scale)
    this.canvas.style.width = `${w}px`
    this.canvas.style.height = `${height}px`
    const style = getComputedStyle(this.element)
    const probe = h('i')
    this.element.append(probe)
    const colours = inks.map(name => {
      probe.style.color = style.getPropertyValue(name)
      return getComputedStyle(probe).color
    })
    probe.remove()
    const context = this.canvas.getContext('2d')!
    context.scale(scale, scale)
    const room = this.side >= 4 ? 1 : 0 // pixels between cells
    for (let cell = 0; cell < planes * rows * columns; cell++) {
      const [x, y] = this.placeOf(cell)
      context.fillStyle = colours[this.levels[cell] ?? 0]
      context.fillRect(x * this.side, y * this.side, this.side - room, this.side - room)
    }
  }

  private placeOf(cell: number): [x: number, y: number] {
    const { rows, columns } = this.planes
    const plane = Math.floor(cell / (rows * columns))
    const left = (plane % this.across) * (columns + this.gap)
    const top = Math.floor(plane / this.across) * (rows + this.gap)
    return [left + (cell % columns), top + (Math.floor(cell / columns) % rows)]
  }

  private cellAt(x: number, y: number): number | null {
    const { planes, rows, columns } = this.planes
    const [column, row] = [Math.floor(x / this.side), Math.floor(y / this.side)]
    const [across, down] = [columns + this.gap, rows + this.gap]
    const [ix, iy] = [column % across, row % down]
    if (ix >= columns || iy >= rows) return null
    const plane = Math.floor(row / down) * this.across + Math.floor(column / across)
    return plane < planes ? (plane * rows + iy) * columns + ix : null
  }
}
