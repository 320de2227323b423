import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../src/data/digits.js'

const size = 28 * 28

test('the same seed draws the same bytes, another seed others', () => {
  assert.equal(drawDigits({ count: 20, seed: 5 }), drawDigits({ count: 20, seed: 5 }))
  assert.not.equal(
    drawDigits({ count: 20, seed: 6 }).images,
    drawDigits({ count: 20, seed: 5 }).images,
  )
})

test('every machine draws the same: these bytes', () => {
  const { images, labels } = drawDigits({ count: 200, seed: 1 })
  const sum = createHash('sha256').update(labels).update(images).digest('hex')
  assert.is(
    sum,
    '4f0f694a2c5bf93e68baec5551536767b1d53d381b1e13269f58a5c662d2d105',
    'if the digits were meant to change, write down the new sum',
  )
})

test('a seed beyond 32 bits counts in full', () => {
  const [low, high] = [
    drawDigits({ count: 2, seed: 7 }),
    drawDigits({ count: 2, seed: 7 + 2 ** 32 }),
  ]
  assert.not.equal(low.images, high.images)
})

test('a shorter set is the beginning of a longer one', () => {
  const [short, long] = [drawDigits({ count: 5 }), drawDigits({ count: 9 })]
  assert.equal(long.images.subarray(0, 5 * size), short.images)
  assert.equal(long.labels.subarray(0, 5), short.labels)
})

test('every digit occurs about equally often', () => {
  const counts = new Array(10).fill(0)
  for (const label of drawDigits({ count: 2000 }).labels) counts[label]++
  for (const count of counts) assert.ok(count > 140 && count < 260, `${counts}`)
})

test('every image has ink, none is cut off, and on the whole there is as much as in MNIST', () => {
  const { images, count } = drawDigits({ count: 2000, seed: 3 })
  let total = 0
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * size, (i + 1) * size)
    const ink = image.reduce((sum, byte) => sum + byte, 0) / 255
    total += ink
    assert.ok(ink > 20 && ink < 260, `image ${i} has ink for ${ink} pixels`)
    const border = image.filter((_, p) => p < 28 || p >= size - 28 || p % 28 === 0 || p % 28 === 27)
    assert.is(Math.max(...border), 0, `image ${i} touches the border`)
  }
  const mean = total / count / size // of MNIST's training images: 0.1307
  assert.ok(mean > 0.12 && mean < 0.145, `mean ${mean}`)
})

test('the labels say what is drawn: the nearest mean image finds most of them', () => {
  const { images, labels } = drawDigits({ count: 2500, seed: 1 })
  const means = Array.from({ length: 10 }, () => new Float64Array(size))
  const counts = new Array(10).fill(0)
  for (let i = 0; i < 2000; i++) {
    counts[labels[i]]++
    for (let p = 0; p < size; p++) means[labels[i]][p] += images[i * size + p]
  }
  let right = 0
  for (let i = 2000; i < 2500; i++) {
    const distances = means.map((mean, digit) =>
      mean.reduce((sum, m, p) => sum + (m / counts[digit] - images[i * size + p]) ** 2, 0),
    )
    if (distances.indexOf(Math.min(...distances)) === labels[i]) right++
  }
  assert.ok(right > 350, `${right} of 500`)
})

test('none may be drawn; a count or seed that is no whole number from 0 up is refused', () => {
  assert.is(drawDigits({ count: 0 }).images.length, 0)
  const rule = 'both are whole numbers from 0 up'
  for (const count of [-1, 1.5, Number.NaN])
    assert.throws(
      () => drawDigits({ count }),
      (error: Error) => error.message === `drawDigits: count is ${count} and seed is 0; ${rule}`,
    )
  assert.throws(
    () => drawDigits({ count: 1, seed: -1 }),
    (error: Error) => error.message === `drawDigits: count is 1 and seed is -1; ${rule}`,
  )
})

test.run()
