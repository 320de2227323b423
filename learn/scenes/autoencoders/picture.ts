/** Grey values on canvases: a row of digits, enlarged without smoothing. */
import { h } from '../../shell/dom.js'
import { pixelsPerImage, side } from './images.js'

const gap = 2 // pixels between two digits

/** A canvas for `count` digits side by side. */
export class Picture {
  readonly element: HTMLCanvasElement
  private readonly context: CanvasRenderingContext2D

  constructor(count: number, label: string) {
    const width = count * (side + gap) - gap
    this.element = h('canvas', {
      width,
      height: side,
      class: 'digits',
      role: 'img',
      'aria-label': label,
    })
    this.element.style.aspectRatio = `${width} / ${side}`
    this.context = this.element.getContext('2d')!
  }

  /** Grey values, 0 black to 1 white, digit after digit. */
  draw(values: Float32Array): void {
    for (let i = 0; i < values.length / pixelsPerImage; i++) {
      const image = greyImage(values.subarray(i * pixelsPerImage, (i + 1) * pixelsPerImage))
      this.context.putImageData(image, i * (side + gap), 0)
    }
  }

  clear(): void {
    this.context.clearRect(0, 0, this.element.width, side)
  }
}

function greyImage(values: Float32Array): ImageData {
  const image = new ImageData(side, side)
  for (const [p, value] of values.entries()) {
    const grey = 255 * value // values beyond 0 and 255 are cut off
    image.data.set([grey, grey, grey, 255], 4 * p)
  }
  return image
}

/** Digits as coloured ink without a ground, one small canvas each. */
export function inked(
  values: Float32Array,
  colourOf: (i: number) => readonly number[],
): HTMLCanvasElement[] {
  return Array.from({ length: values.length / pixelsPerImage }, (_, i) => {
    const canvas = h('canvas', { width: side, height: side })
    const image = new ImageData(side, side)
    const [r, g, b] = colourOf(i).map(c => 255 * c)
    for (let p = 0; p < pixelsPerImage; p++)
      image.data.set([r, g, b, 255 * values[i * pixelsPerImage + p]], 4 * p)
    canvas.getContext('2d')!.putImageData(image, 0, 0)
    return canvas
  })
}
