/** The plane of codes: test digits where their codes lie, and a place that the reader drags. */
import { h } from '../../shell/dom.js'
import { css } from './colours.js'
import type { Codes } from './messages.js'
import { inked } from './picture.js'

const digitSize = 20 // CSS pixels

export class Plane {
  readonly element: HTMLCanvasElement
  /** Where the reader points to, in codes. */
  at: readonly [number, number] = [0, 0]
  private colours: readonly (readonly number[])[] = []
  private pixels: Float32Array | null = null
  private sprites: readonly HTMLCanvasElement[] = []
  private codes: Codes | null = null
  private extent = 1

  /** @param moved called when the reader has chosen another place */
  constructor(private readonly moved: (at: readonly [number, number]) => void) {
    this.element = h('canvas', {
      class: 'plane',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'plane of codes',
      'aria-label': 'Plane of codes. Drag, or press arrow keys, to choose the code to decode.',
      onpointerdown: (event: PointerEvent) => {
        this.element.setPointerCapture(event.pointerId)
        this.point(event)
      },
      onpointermove: (event: PointerEvent) => {
        if (event.buttons & 1) this.point(event)
      },
      onkeydown: (event: KeyboardEvent) => this.key(event),
    })
    new ResizeObserver(() => this.draw()).observe(this.element)
  }

  /** The digits whose codes will follow. */
  digits(pixels: Float32Array): void {
    this.pixels = pixels
    this.sprites = []
  }

  show(codes: Codes): void {
    this.codes = codes
    this.extent = codes.extent
    this.draw()
  }

  recolour(colours: readonly (readonly number[])[]): void {
    this.colours = colours
    this.sprites = []
    this.draw()
  }

  private point({ offsetX, offsetY }: PointerEvent): void {
    const { clientWidth: size } = this.element
    this.go([(2 * offsetX) / size - 1, 1 - (2 * offsetY) / size])
  }

  private key(event: KeyboardEvent): void {
    const directions: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    }
    const direction = directions[event.key]
    if (!direction) return
    event.preventDefault()
    const pace = event.shiftKey ? 0.01 : 0.05
    this.go([0, 1].map(a => this.at[a] / this.extent + pace * direction[a]))
  }

  /** To a place whose sides lie from −1 to 1. */
  private go(place: readonly number[]): void {
    const [x, y] = place.map(p => Math.max(-1, Math.min(1, p)) * this.extent)
    this.at = [x, y]
    this.draw()
    this.moved(this.at)
  }

  private draw(): void {
    const { element, codes, pixels, colours } = this
    const size = element.clientWidth
    if (size === 0 || colours.length === 0) return
    const ratio = devicePixelRatio
    element.width = element.height = Math.round(size * ratio)
    const context = element.getContext('2d')!
    context.scale(ratio, ratio)
    const onCanvas = (x: number, y: number): [number, number] => [
      (size * (1 + x / this.extent)) / 2,
      (size * (1 - y / this.extent)) / 2,
    ]
    context.strokeStyle = css(colours[10])
    const line = (x0: number, y0: number, x1: number, y1: number) => {
      context.beginPath()
      context.moveTo(x0, y0)
      context.lineTo(x1, y1)
      context.stroke()
    }
    line(0, size / 2, size, size / 2)
    line(size / 2, 0, size / 2, size)
    if (codes && pixels) {
      if (this.sprites.length === 0) this.sprites = inked(pixels, i => colours[codes.labels[i]])
      for (const [i, sprite] of this.sprites.entries()) {
        const [x, y] = onCanvas(codes.places[3 * i], codes.places[3 * i + 1])
        context.drawImage(sprite, x - digitSize / 2, y - digitSize / 2, digitSize, digitSize)
      }
    }
    const [x, y] = onCanvas(...this.at)
    const { color } = getComputedStyle(element)
    for (const [style, width] of [
      [css(colours[11]), 6],
      [color, 2.5],
    ] as const) {
      context.strokeStyle = style
      context.lineWidth = width
      context.beginPath()
      context.arc(x, y, 13, 0, 2 * Math.PI)
      context.stroke()
    }
  }
}
