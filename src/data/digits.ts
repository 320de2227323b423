/**
 * Digits that look handwritten, drawn from stroke skeletons: something to learn from where there is
 * no data set. Each is a way of writing, bent, slanted, stretched and inked by chance.
 *
 * Only +, −, ·, / and √ are used, which are rounded alike everywhere: a seed gives the same bytes on
 * every machine.
 */
import { check } from '../kernels/check.js'
import { threefry, unit } from '../tensor/threefry.js'
import type { ImageSet } from './dataset.js'
import { type Point, type Stroke, skeletons } from './strokes.js'

const side = 28 // pixels
const body = 20 // pixels that a digit of ordinary size is high

/**
 * `count` images of 28 × 28. Image i is a function of (seed, i) alone, so a shorter set is the
 * beginning of a longer one.
 * @throws Error unless count and seed are whole numbers from 0 up
 */
export function drawDigits({ count, seed = 0 }: { count: number; seed?: number }): ImageSet {
  check(
    [count, seed].every(n => Number.isSafeInteger(n) && n >= 0),
    () => `drawDigits: count is ${count} and seed is ${seed}; both are whole numbers from 0 up`,
  )
  const images = new Uint8Array(count * side * side)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const chance = dice(seed, i)
    labels[i] = Math.floor(chance() * 10)
    draw(labels[i], chance, images.subarray(i * side * side, (i + 1) * side * side))
  }
  return { images, labels, count, height: side, width: side }
}

/** Numbers in [0, 1), one after the other, for image i under a seed. */
function dice(seed: number, i: number): () => number {
  let drawn = 0
  return () => unit(threefry([seed >>> 0, Math.floor(seed / 2 ** 32)], [i, drawn++])[0])
}

function draw(digit: number, chance: () => number, image: Uint8Array): void {
  const between = (low: number, high: number) => low + (high - low) * chance()
  const variants = skeletons[digit]
  const strokes = variants[Math.floor(chance() * variants.length)]
  const bend = bending(chance, 0.085)
  const place = placing(between)
  const curves = strokes.map(stroke => curveThrough(stroke).map(p => place(bend(p))))
  const pen = between(0.9, 1.75)
  const ink = new Float32Array(side * side)
  const centred = centring(curves)
  for (const curve of curves) {
    const [begin, end] = [pen * between(0.85, 1.1), pen * between(0.8, 1.1)]
    for (let k = 1; k < curve.length; k++) {
      const radius = begin + (end - begin) * (k / curve.length)
      segment(centred(curve[k - 1]), centred(curve[k]), radius, ink)
    }
  }
  for (let i = 0; i < ink.length; i++) image[i] = Math.round(255 * ink[i])
}

/** Points along a Catmull–Rom curve through the points of a stroke, about a pixel apart. */
function curveThrough(stroke: Stroke): Point[] {
  const steps = 6
  const at = (i: number) => stroke[Math.min(Math.max(i, 0), stroke.length - 1)]
  const points: Point[] = [stroke[0]]
  for (let i = 0; i + 1 < stroke.length; i++) {
    const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    for (let step = 1; step <= steps; step++) {
      const t = step / steps
      const along = (d: 0 | 1) =>
        q[d] +
        0.5 *
          t *
          (r[d] -
            p[d] +
            t * (2 * p[d] - 5 * q[d] + 4 * r[d] - s[d] + t * (3 * (q[d] - r[d]) + s[d] - p[d])))
      points.push([along(0), along(1)])
    }
  }
  return points
}

/** A smooth deformation: every corner of a lattice is moved by up to `most`, what lies between follows. */
function bending(chance: () => number, most: number): (p: Point) => Point {
  const cells = 3
  const corners = cells + 1
  const moves = Array.from({ length: corners * corners * 2 }, () => most * (2 * chance() - 1))
  return ([x, y]) => {
    const [column, u] = cellOf(x, cells)
    const [row, v] = cellOf(y, cells)
    const move = (d: 0 | 1) => {
      const corner = (dy: number, dx: number) => moves[2 * ((row + dy) * corners + column + dx) + d]
      const top = corner(0, 0) + u * (corner(0, 1) - corner(0, 0))
      const bottom = corner(1, 0) + u * (corner(1, 1) - corner(1, 0))
      return top + v * (bottom - top)
    }
    return [x + move(0), y + move(1)]
  }
}

/** Which of `cells` cells along [0, 1] a coordinate is in, and how far, eased at the borders. */
function cellOf(x: number, cells: number): [cell: number, within: number] {
  const scaled = Math.min(Math.max(x, 0), 1) * cells
  const cell = Math.min(Math.floor(scaled), cells - 1)
  const t = scaled - cell
  return [cell, t * t * (3 - 2 * t)]
}

/** Size, proportion, slant and turn, about the middle of the unit square; the result is in pixels. */
function placing(between: (low: number, high: number) => number): (p: Point) => Point {
  const height = body * between(0.86, 1.04)
  const width = height * between(0.6, 0.92)
  const slant = between(-0.12, 0.38)
  const turn = between(-0.16, 0.16) // radians
  const [sin, cos] = [turn - (turn * turn * turn) / 6, 1 - (turn * turn) / 2]
  return ([px, py]) => {
    const y = (py - 0.5) * height
    const x = (px - 0.5) * width - slant * y
    return [cos * x - sin * y, sin * x + cos * y]
  }
}

/** Moves the middle of what is drawn to the middle of the image. */
function centring(curves: readonly Point[][]): (p: Point) => Point {
  const [xs, ys] = [curves.flat().map(p => p[0]), curves.flat().map(p => p[1])]
  const middle = (list: number[]) => (Math.min(...list) + Math.max(...list)) / 2
  const [dx, dy] = [side / 2 - middle(xs), side / 2 - middle(ys)]
  return ([x, y]) => [x + dx, y + dy]
}

/** Inks a straight piece of pen stroke: full within the radius, fading over about a pixel and a half. */
function segment([x0, y0]: Point, [x1, y1]: Point, radius: number, ink: Float32Array): void {
  const fade = 0.75
  const reach = radius + fade
  const [dx, dy] = [x1 - x0, y1 - y0]
  const squared = dx * dx + dy * dy
  const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach))
  const last = (a: number, b: number) => Math.min(side - 1, Math.ceil(Math.max(a, b) + reach))
  for (let row = first(y0, y1); row <= last(y0, y1); row++) {
    for (let column = first(x0, x1); column <= last(x0, x1); column++) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0]
      const t = squared > 0 ? Math.min(Math.max((x * dx + y * dy) / squared, 0), 1) : 0
      const [ex, ey] = [x - t * dx, y - t * dy]
      const cover = (reach - Math.sqrt(ex * ex + ey * ey)) / (2 * fade)
      const at = row * side + column
      if (cover > ink[at]) ink[at] = Math.min(cover, 1)
    }
  }
}
