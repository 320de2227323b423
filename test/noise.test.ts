/** Noise for images: how much, where, and new at every replay of a compiled step. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addNoise, type Noise, parseNoise } from '../src/cli/noise.js'
import { compile, full, manualSeed, rand, shutdown, type Tensor } from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after(shutdown)

const range = [-1, 1] as const

async function noisy(noise: Noise, shape: number[], value = 0): Promise<Float32Array> {
  manualSeed(3)
  return (await addNoise(full(shape, value), noise, range).data()) as Float32Array
}

test('gaussian: σ is meant where white is 1, in any range of values', async () => {
  const values = await noisy({ kind: 'gaussian', amount: 0.3 }, [50, 1, 28, 28])
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const std = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)
  // 4 standard errors of 39 200 samples
  assert.ok(Math.abs(mean) < (4 * 0.6) / Math.sqrt(values.length), `${mean}`)
  assert.ok(Math.abs(std - 0.6) < (4 * 0.6) / Math.sqrt(2 * values.length), `${std}`)
})

test('salt-pepper: as many black as white, and the rest is left alone', async () => {
  const values = await noisy({ kind: 'salt-pepper', amount: 0.2 }, [50, 784], 0.25)
  const part = (value: number) => values.filter(x => x === value).length / values.length
  const error = 4 * Math.sqrt(0.1 / values.length)
  assert.ok(Math.abs(part(-1) - 0.1) < error, `${part(-1)}`)
  assert.ok(Math.abs(part(1) - 0.1) < error, `${part(1)}`)
  assert.is(values.filter(x => x === 0.25).length, values.filter(x => Math.abs(x) < 1).length)
})

test('mask: one square per image, inside of it, at different places', async () => {
  for (const shape of [
    [20, 784],
    [20, 1, 28, 28],
  ]) {
    const values = await noisy({ kind: 'mask', amount: 0.4 }, shape, 0.5)
    const corners = Array.from({ length: 20 }, (_, n) => {
      const image = values.subarray(784 * n, 784 * (n + 1))
      const first = image.indexOf(-1)
      const [top, left] = [Math.floor(first / 28), first % 28]
      image.forEach((value, i) => {
        const [y, x] = [Math.floor(i / 28) - top, (i % 28) - left]
        const inside = y >= 0 && y < 11 && x >= 0 && x < 11
        assert.is(value, inside ? -1 : 0.5)
      })
      return first
    })
    assert.ok(new Set(corners).size > 15)
  }
})

test('a mask of amount 1 covers all', async () => {
  const values = await noisy({ kind: 'mask', amount: 1 }, [2, 784], 0.5)
  assert.ok(values.every(x => x === -1))
})

test('a compiled step draws new noise at every replay, of the same numbers as an eager one', async () => {
  for (const kind of ['gaussian', 'salt-pepper', 'mask'] as const) {
    const x = rand([3, 784])
    const [eager, compiled] = [false, true].map(enabled =>
      compile((x: Tensor) => addNoise(x, { kind, amount: 0.3 }, [0, 1]), { enabled }),
    )
    const three = async (step: typeof eager) => {
      manualSeed(5)
      return [await step(x).data(), await step(x).data(), await step(x).data()]
    }
    const [first, second] = [await three(eager), await three(compiled)]
    assert.equal(first, second, kind)
    assert.not.equal(first[0], first[1])
    assert.not.equal(first[1], first[2])
  }
})

test('the words of --noise', () => {
  assert.equal(parseNoise('gaussian:0.5'), { kind: 'gaussian', amount: 0.5 })
  assert.equal(parseNoise('mask'), { kind: 'mask', amount: 0.4 })
  for (const text of ['', 'fog', 'fog:1', 'gaussian:', 'gaussian:0', 'gaussian:-1', 'gaussian:x'])
    assert.throws(() => parseNoise(text), /^noise: /, text)
  for (const text of ['mask:1.1', 'salt-pepper:2', 'gaussian:Infinity', 'gaussian:1:2', 'toString'])
    assert.throws(() => parseNoise(text), /^noise: /, text)
})

test.run()
