/** Initial weights as PyTorch draws them. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { manualSeed, nn } from '../src/index.js'
import { parseGoldens } from './goldens/file.js'
import { gpu } from './gpu.js'

interface LayerCase {
  name: string
  kind: string
  layer?: string
  args: number[]
  kwargs: { bias?: boolean }
  params: Record<string, { shape: number[]; quantiles: string; std: number; bound?: number }>
}

test.before(gpu)

test('a Linear layer begins within PyTorch’s bounds and with its quantiles', async () => {
  const bytes = readFileSync(new URL('./fixtures/init.safetensors', import.meta.url))
  const { cases, at } = parseGoldens<LayerCase>(bytes, 'init')
  const linear = cases.filter(one => one.layer === 'Linear')
  assert.ok(linear.length > 0)
  manualSeed(20)
  for (const { name, args, kwargs, params } of linear) {
    const pools: Record<string, number[]> = {}
    const repeats = Math.ceil(20_000 / (args[0] * args[1])) + 2
    for (let i = 0; i < repeats; i++) {
      const layer = new nn.Linear(args[0], args[1], { bias: kwargs.bias ?? true })
      assert.equal(
        layer.namedParameters().map(([key, p]) => [key, [...p.shape]]),
        Object.entries(params).map(([key, { shape }]) => [key, shape]),
        name,
      )
      for (const [key, p] of layer.namedParameters()) {
        const pool = pools[key] ?? []
        pools[key] = pool
        for (const value of await p.data()) pool.push(value)
      }
    }
    for (const [key, { quantiles, bound }] of Object.entries(params)) {
      const pool = pools[key].sort((a, b) => a - b)
      const expected = at(quantiles).data as Float64Array
      const spread = expected[expected.length - 1] - expected[0]
      assert.ok(
        Math.abs(pool[0]) <= bound! * 1.000001 && pool.at(-1)! <= bound! * 1.000001,
        `${name} ${key}`,
      )
      // a quantile of n uniform draws scatters by at most 1 / (2√n) of the width
      const tolerance = (5 / (2 * Math.sqrt(pool.length))) * spread + 0.02 * spread
      expected.forEach((q, i) => {
        const mine = pool[Math.round((i / (expected.length - 1)) * (pool.length - 1))]
        assert.ok(
          Math.abs(mine - q) < tolerance,
          `${name} ${key}: quantile ${i} is ${mine}, PyTorch's is ${q}`,
        )
      })
    }
  }
})

test.run()
