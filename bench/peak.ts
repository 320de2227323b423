/** The two limits of this adapter, multiply-adds and memory, measured by a kernel each. */
import { rand, zeros } from '../src/node.js'
import { direct } from './direct.js'
import type { Row } from './row.js'

export function peaks(): Row[] {
  // a million numbers, as in elementwise.ts, and more than any cache holds
  const sizes = [2 ** 20, 2 ** 24]
  return [multiplyAdd(), ...sizes.flatMap(n => [stream('copy', n), stream('triad', n)])]
}

function multiplyAdd(): Row {
  const [invocations, steps] = [2 ** 14, 40]
  const [a, b] = [0.999, 0.5]
  return {
    name: 'peak/multiply-add',
    flops: invocations * steps * 48 * 8 * 2,
    async prepare() {
      const result = zeros([invocations])
      const work = direct('multiply_add', {
        params: [{ u32: steps }, { f32: a }, { f32: b }],
        buffers: { 1: result },
        workgroups: [invocations / 64],
      })
      work()
      const from = (x: number) => (x - b / (1 - a)) * a ** (48 * steps) + b / (1 - a)
      const want = (i: number) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((s, j) => s + from(i + j), 0)
      const got = await result.data()
      const error = got.reduce((e, y, i) => Math.max(e, Math.abs(y / want(i) - 1)), 0)
      return { work, error, bound: 1e-3 } // 1 / (1 − a) rounding errors add up
    },
  }
}

function stream(entry: 'copy' | 'triad', n: number): Row {
  const s = 0.3
  return {
    name: `peak/${entry}/${n}`,
    bytes: (entry === 'copy' ? 8 : 12) * n,
    async prepare() {
      const [x, y, z] = [rand([n]), rand([n]), zeros([n])]
      const work = direct('stream', {
        entry,
        params: [{ u32: n / 4 }, { f32: s }],
        buffers: entry === 'copy' ? { 1: x, 3: z } : { 1: x, 2: y, 3: z },
        workgroups: [n / 1024],
      })
      work()
      const [X, Y, Z] = [await x.data(), await y.data(), await z.data()]
      const scale = entry === 'copy' ? 0 : s
      const error = Z.reduce((e, z, i) => Math.max(e, Math.abs(z - X[i] - scale * Y[i])), 0)
      return { work, error, bound: 1e-6 }
    },
  }
}
