/** A square to draw a digit on. What is drawn becomes an image as the networks know them. */
import { inkCurve, type Point } from '../../../src/data/pen.js'
import { h } from '../../shell/dom.js'
import { pixelsPerImage, side } from './images.js'

const body = 20 // pixels of the digit's longer side, as in MNIST
const pen = 1.4 // half the width of the line, in pixels

export class Pad {
  readonly element: HTMLCanvasElement
  /** In parts of the square's side. */
  private strokes: Point[][] = []

  /** @param drawn called with the grey values when a stroke has ended */
  constructor(private readonly drawn: (pixels: Float32Array<ArrayBuffer>) => void) {
    this.element = h('canvas', {
      class: 'pad',
      width: 280,
      height: 280,
      role: 'img',
      'aria-label': 'Draw a digit here. Without a pointer, take a test digit with the buttons.',
      onpointerdown: (event: PointerEvent) => {
        this.element.setPointerCapture(event.pointerId)
        this.strokes.push([this.placeOf(event)])
        this.draw()
      },
      onpointermove: (event: PointerEvent) => {
        if (!(event.buttons & 1) || this.strokes.length === 0) return
        this.strokes.at(-1)!.push(this.placeOf(event))
        this.draw()
      },
      onpointerup: () => this.drawn(imageOf(this.strokes)),
    })
  }

  clear(): void {
    this.strokes = []
    this.draw()
  }

  private placeOf({ offsetX, offsetY }: PointerEvent): Point {
    const { clientWidth } = this.element
    return [offsetX / clientWidth, offsetY / clientWidth]
  }

  private draw(): void {
    const context = this.element.getContext('2d')!
    const { width } = this.element
    context.clearRect(0, 0, width, width)
    context.strokeStyle = getComputedStyle(this.element).color
    context.lineWidth = (2 * pen * width) / (side - 4)
    context.lineCap = context.lineJoin = 'round'
    for (const stroke of this.strokes) {
      context.beginPath()
      for (const [x, y] of [stroke[0], ...stroke]) context.lineTo(x * width, y * width)
      context.stroke()
    }
  }
}

/** Strokes as an image of 28 × 28: as large as the digits of MNIST, and in the middle as they are. */
export function imageOf(strokes: readonly (readonly Point[])[]): Float32Array<ArrayBuffer> {
  const points = strokes.flat()
  const [left, top] = [0, 1].map(d => Math.min(...points.map(p => p[d])))
  const [right, bottom] = [0, 1].map(d => Math.max(...points.map(p => p[d])))
  const longest = Math.max(right - left, bottom - top, 0.05) // a dot stays small
  const scale = (body - 2 * pen) / longest
  const ink = new Float64Array(pixelsPerImage)
  for (const stroke of strokes) {
    const curve = [stroke[0], ...stroke].map(
      ([x, y]): Point => [
        side / 2 + scale * (x - (left + right) / 2),
        side / 2 + scale * (y - (top + bottom) / 2),
      ],
    )
    inkCurve(ink, side, curve, [pen, pen])
  }
  return Float32Array.from(ink)
}
