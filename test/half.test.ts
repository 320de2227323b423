/** Floats of 16 bits: every one of them there and back, and rounding between them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fromHalf, toHalf } from '../src/io/half.js'

const all = Uint16Array.from({ length: 65536 }, (_, i) => i)
const values = fromHalf(all)

test('each of the 65,536 halves becomes itself, NaN a NaN', () => {
  const back = toHalf(values)
  const wrong = [...all].filter(i => back[i] !== i && !Number.isNaN(values[i]))
  assert.equal(wrong, [])
  assert.ok(Number.isNaN(fromHalf(toHalf(Float32Array.of(Number.NaN)))[0]))
})

test('between two halves the nearer is taken, in the middle the even one', () => {
  for (let i = 0; i < 0x7c00; i++) {
    const above = i + 1 === 0x7c00 ? 65536 : values[i + 1]
    const middle = (values[i] + above) / 2
    const even = i % 2 === 0 ? i : i + 1
    const next = (x: number, ulps: number) =>
      new Float32Array(
        Uint32Array.of(new Uint32Array(Float32Array.of(x).buffer)[0] + ulps).buffer,
      )[0]
    const got = toHalf(Float32Array.of(next(middle, -1), middle, next(middle, 1), -middle))
    assert.equal([...got], [i, even, i + 1, even | 0x8000], `${i}`)
  }
  assert.equal([...toHalf(Float32Array.of(1e6, -1e6, 2 ** -30))], [0x7c00, 0xfc00, 0])
})

test.run()
