/** What stands in the view: coloured points in a box, and words at places. */
import type { Colour } from '../draw/canvas.js'
import { centresOf } from '../draw/centres.js'
import { colourOf } from '../draw/palette.js'

export type Place = readonly [x: number, y: number, z: number]

export interface Word {
  readonly text: string
  readonly place: Place
  readonly colour: Colour
  /** Height of its capitals, relative to the picture. */
  readonly size: number
}

export interface Scene {
  /** x, y, z, red, green, blue of each point; colours from 0 to 1. */
  readonly points: Float32Array<ArrayBuffer>
  readonly count: number
  /** The same of both ends of each edge of the box. */
  readonly edges: Float32Array<ArrayBuffer>
  readonly words: readonly Word[]
}

const [pale, dark]: Colour[] = [
  [205, 205, 202],
  [90, 90, 90],
]

/**
 * Points [n, 3] in a box whose longest edge goes from −1 to 1. The second number points up. The
 * three edges from the box's lowest corner are the axes.
 */
export function sceneOf(
  points: Float32Array,
  labels: Uint8Array | null,
  axes: readonly string[],
): Scene {
  const count = points.length / 3
  const [low, high] = [Math.min, Math.max].map((choose, i) =>
    [0, 1, 2].map(a => {
      let end = i === 0 ? Infinity : -Infinity
      for (let p = 0; p < count; p++) end = choose(end, points[3 * p + a])
      return end
    }),
  )
  const half = Math.max(...low.map((l, a) => (high[a] - l) / 2)) || 1
  const scaled = (value: number, a: number) => (value - (low[a] + high[a]) / 2) / half
  const sides = low.map((l, a) => Math.max(0.02, (high[a] - l) / 2 / half))
  const drawn = new Float32Array(6 * count)
  for (let p = 0; p < count; p++) {
    const colour = rgb(labels ? colourOf(labels[p]) : '#332288').map(v => v / 255)
    drawn.set([...[0, 1, 2].map(a => scaled(points[3 * p + a], a)), ...colour], 6 * p)
  }
  return {
    points: drawn,
    count,
    edges: box(sides),
    words: [...axisNames(sides, axes), ...(labels ? classNames(drawn, labels) : [])],
  }
}

/** Twelve edges; those from the lowest corner are darker. */
function box(sides: readonly number[]): Float32Array<ArrayBuffer> {
  const edges: number[] = []
  for (let corner = 0; corner < 8; corner++)
    for (let a = 0; a < 3; a++) {
      if (corner & (1 << a)) continue
      const colour = (corner === 0 ? dark : pale).map(v => v / 255)
      for (const end of [corner, corner | (1 << a)])
        edges.push(...sides.map((side, b) => (end & (1 << b) ? side : -side)), ...colour)
    }
  return Float32Array.from(edges)
}

function axisNames(sides: readonly number[], axes: readonly string[]): Word[] {
  return axes.map((text, a) => {
    const [x, y, z] = sides.map((side, b) => (b === a ? side + 0.14 : -side))
    return { text, place: [x, y, z], colour: dark, size: 0.021 }
  })
}

/** The name of each class where its points are densest. */
function classNames(drawn: Float32Array, labels: Uint8Array): Word[] {
  const places = drawn.filter((_, i) => i % 6 < 3)
  return centresOf(places, labels, { size: 3, least: 0.2 }).map(({ label, place: [x, y, z] }) => {
    return { text: `${label}`, place: [x, y, z], colour: rgb(colourOf(label)), size: 0.036 }
  })
}

function rgb(text: string): Colour {
  const [red, green, blue] = [1, 3, 5].map(at => Number.parseInt(text.slice(at, at + 2), 16))
  return [red, green, blue]
}
