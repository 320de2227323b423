/** Test images, each with those whose codes are nearest to its own. */
import { pixels } from '../data/dataset.js'
import type { Codes } from './codes.js'
import { Canvas } from './draw/canvas.js'
import { textWidth, write } from './draw/lettering.js'
import { drawImage } from './draw/rows.js'
import { nearest } from './neighbours.js'

const [scale, side] = [3, 28]
const cell = scale * side
const [margin, gap, apart, head] = [14, 3, 30, 36] // screen pixels

/** The first test image of each class, or the first ten, and the `k` nearest to each. */
export function neighbourPicture({ test, known, testSet, knownSet }: Codes, k = 10): Uint8Array {
  const near = Math.min(k, knownSet.count)
  const queries = chosen(testSet.labels)
  const rows = Float32Array.from(
    queries.flatMap(q => [...test.data.subarray(q * test.size, (q + 1) * test.size)]),
  )
  const found = nearest({ data: rows, size: test.size }, known, { k: near })
  const [own, others] = [testSet, knownSet].map(set => pixels(set, { mean: 0, std: 1 }))
  const left = margin + Math.max(cell, Math.ceil(textWidth('test image', 12))) + apart
  const width = left + near * (cell + gap) - gap + margin
  const canvas = new Canvas(width, head + queries.length * (cell + gap) - gap + margin)
  write(canvas, 'test image', [margin, head - 12], { size: 12 })
  write(canvas, 'training images with the nearest codes', [left, head - 12], { size: 12 })
  const image = (all: Float32Array, i: number) => all.subarray(784 * i, 784 * (i + 1))
  for (const [r, query] of queries.entries()) {
    const top = head + r * (cell + gap)
    drawImage(canvas, image(own, query), [margin, top], { width: side, scale })
    for (let c = 0; c < near; c++) {
      const place = [left + c * (cell + gap), top] as const
      drawImage(canvas, image(others, found[r * near + c]), place, { width: side, scale })
    }
  }
  return canvas.png()
}

function chosen(labels: Uint8Array): number[] {
  const first = new Map<number, number>()
  for (const [i, label] of labels.entries()) if (!first.has(label)) first.set(label, i)
  const classes = [...first.keys()].sort((a, b) => a - b).slice(0, 10)
  return classes.length > 1
    ? classes.map(label => first.get(label)!)
    : [...labels.keys()].slice(0, 10)
}
