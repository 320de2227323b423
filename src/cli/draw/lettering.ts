/** Words on a canvas, drawn with a round pen along the strokes of Hershey's letters. */
import { stringToPaths } from 'hershey'
import { type Canvas, type Colour, ink } from './canvas.js'

export interface Lettering {
  /** Where x is in the text. */
  align?: 'left' | 'middle' | 'right'
  /** Height of a capital letter, in pixels. */
  size?: number
  /** Width of the pen, in pixels. */
  pen?: number
  colour?: Colour
}

const [baseline, capital] = [-9, 21] // of the font, y up

/** Width of a text in pixels. */
export function textWidth(text: string, size = 15): number {
  const { minX, maxX } = stringToPaths(text).bounds
  return ((maxX - minX) * size) / capital
}

/** Writes a text of ASCII letters, its capitals from y − size to y. */
export function write(
  canvas: Canvas,
  text: string,
  [x, y]: readonly [number, number],
  { align = 'left', size = 15, pen = 1 + size / 18, colour = ink }: Lettering = {},
): void {
  const { bounds, paths } = stringToPaths(text)
  const unit = size / capital
  const before = { left: 0, middle: 0.5, right: 1 }[align] * (bounds.maxX - bounds.minX)
  const covered = new Map<number, number>()
  for (const path of paths) {
    const points = path.map(([px, py]): [number, number] => [
      x + (px - bounds.minX - before) * unit,
      y - (py - baseline) * unit,
    ])
    for (let i = 1; i < points.length; i++)
      cover(covered, canvas.width, [points[i - 1], points[i]], pen / 2)
  }
  for (const [at, part] of covered)
    canvas.blend(at % canvas.width, Math.floor(at / canvas.width), colour, part)
}

/** Notes how much of each pixel the pen covers on its way from a to b; of crossings the most. */
function cover(
  covered: Map<number, number>,
  width: number,
  [[ax, ay], [bx, by]]: readonly [readonly [number, number], readonly [number, number]],
  radius: number,
): void {
  const reach = radius + 0.5
  const [dx, dy] = [bx - ax, by - ay]
  const squared = dx * dx + dy * dy || 1
  for (let y = Math.floor(Math.min(ay, by) - reach); y <= Math.max(ay, by) + reach; y++)
    for (let x = Math.floor(Math.min(ax, bx) - reach); x <= Math.max(ax, bx) + reach; x++) {
      if (x < 0 || y < 0 || x >= width) continue
      const along = ((x + 0.5 - ax) * dx + (y + 0.5 - ay) * dy) / squared
      const t = Math.min(Math.max(along, 0), 1)
      const distance = Math.hypot(ax + t * dx - x - 0.5, ay + t * dy - y - 0.5)
      const part = Math.min(Math.max(reach - distance, 0), 1)
      if (part > 0) covered.set(y * width + x, Math.max(part, covered.get(y * width + x) ?? 0))
    }
}
