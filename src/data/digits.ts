/**
 * Digits that look handwritten, drawn from stroke skeletons: a data set that needs no download.
 * Each digit is a skeleton, randomly bent, slanted, stretched and inked.
 *
 * Only +, −, ·, / and √ are used. All machines round them equally, so a seed gives the same bytes
 * on every machine.
 */
import { check } from '../kernels/check.js'
import { optionsOf } from '../tensor/arguments.js'
import { threefry, unit } from '../tensor/threefry.js'
import type { ImageSet } from './dataset.js'
import { curveThrough, inkCurve, type Point } from './pen.js'
import { skeletons } from './strokes.js'

const side = 28 // pixels
const most = 1_000_000 // images in one set: 784 MB
const body = 20 // pixels along a digit's longer side, with its ink, as in MNIST

/**
 * `count` images of 28 × 28. Image i depends only on (seed, i), so a shorter set is the beginning
 * of a longer one.
 * @throws Error unless count and seed are whole numbers from 0 up
 */
export function drawDigits(options: { count: number; seed?: number }): ImageSet {
  const { count, seed = 0 } = optionsOf('drawDigits', options, ['count', 'seed'])
  check(
    [count, seed].every(n => Number.isSafeInteger(n) && n >= 0),
    () => `drawDigits: count is ${count} and seed is ${seed}; both are whole numbers from 0 up`,
  )
  check(count <= most, () => `drawDigits: count is ${count}; it must be at most ${most}`)
  const images = new Uint8Array(count * side * side)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const random = generator(seed, i)
    labels[i] = Math.floor(random() * 10)
    draw(labels[i], random, images.subarray(i * side * side, (i + 1) * side * side))
  }
  return { images, labels, count, height: side, width: side }
}

/** Random numbers in [0, 1) for image i. */
function generator(seed: number, i: number): () => number {
  let drawn = 0
  return () => unit(threefry([seed >>> 0, Math.floor(seed / 2 ** 32)], [i, drawn++])[0])
}

function draw(digit: number, random: () => number, image: Uint8Array): void {
  const between = (low: number, high: number) => low + (high - low) * random()
  const variants = skeletons[digit]
  const skeleton = variants[Math.floor(random() * variants.length)]
  const bend = bending(random, 0.085)
  const lean = leaning(between)
  const pen = between(0.95, 1.75) // half the width of the line, in pixels
  const size = body * between(0.94, 1.08) - 2 * pen
  const strokes = fit(
    skeleton.map(stroke => stroke.map(p => lean(bend(p)))),
    size,
  )
  const ink = new Float64Array(side * side)
  for (const stroke of strokes) {
    const widths = [pen * between(0.85, 1.1), pen * between(0.8, 1.1)] as const
    inkCurve(ink, side, curveThrough(stroke), widths)
  }
  for (let i = 0; i < ink.length; i++) image[i] = Math.round(255 * ink[i])
}

/**
 * A smooth deformation: each corner of a lattice is shifted by up to `most` in x and y; points
 * between the corners are shifted by interpolation.
 */
function bending(random: () => number, most: number): (p: Point) => Point {
  const cells = 3
  const corners = cells + 1
  const shifts = Array.from({ length: corners * corners * 2 }, () => most * (2 * random() - 1))
  return ([x, y]) => {
    const [column, u] = cellOf(x, cells)
    const [row, v] = cellOf(y, cells)
    const shift = (d: 0 | 1) => {
      const corner = (dy: number, dx: number) =>
        shifts[2 * ((row + dy) * corners + column + dx) + d]
      const top = corner(0, 0) + u * (corner(0, 1) - corner(0, 0))
      const bottom = corner(1, 0) + u * (corner(1, 1) - corner(1, 0))
      return top + v * (bottom - top)
    }
    return [x + shift(0), y + shift(1)]
  }
}

/** The cell, of `cells` along [0, 1], that holds a coordinate, and the position within it. */
function cellOf(x: number, cells: number): [cell: number, within: number] {
  const scaled = Math.min(Math.max(x, 0), 1) * cells
  const cell = Math.min(Math.floor(scaled), cells - 1)
  return [cell, scaled - cell]
}

/** A linear map with a random width, slant and rotation. */
function leaning(between: (low: number, high: number) => number): (p: Point) => Point {
  const width = between(0.62, 0.94) // of a height of 1
  const slant = between(-0.08, 0.36)
  const angle = between(-0.12, 0.12) // radians
  const [sin, cos] = [angle - (angle * angle * angle) / 6, 1 - (angle * angle) / 2]
  return ([px, y]) => {
    const x = px * width - slant * y
    return [cos * x - sin * y, sin * x + cos * y]
  }
}

/** Centres strokes in the image; the longer side of the box around them becomes `size` pixels. */
function fit(strokes: readonly Point[][], size: number): Point[][] {
  const points = strokes.flat()
  const range = (d: 0 | 1) => {
    const along = points.map(p => p[d])
    return [Math.min(...along), Math.max(...along)]
  }
  const [[left, right], [top, bottom]] = [range(0), range(1)]
  const scale = size / Math.max(right - left, bottom - top)
  const onto = (x: number, low: number, high: number) => side / 2 + scale * (x - (low + high) / 2)
  return strokes.map(stroke =>
    stroke.map(([x, y]) => [onto(x, left, right), onto(y, top, bottom)] as const),
  )
}
