/** The benchmark as its user sees it: rows that can be believed, comparisons, the figure and the table. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { About } from '../bench/about.js'
import { figure } from '../bench/figure.js'
import { between, table } from '../bench/readme.js'
import type { Result } from '../bench/result.js'

const root = fileURLToPath(new URL('..', import.meta.url))

function bench(...words: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'bench/bench.ts', ...words], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, FORCE_COLOR: '0' },
  })
}

const rows = ['--only', 'peak/multiply-add,matmul/64x64x64', '--rounds', '3', '--json']

test('a row says what was measured, on what, and the share of a peak measured beside it', () => {
  const { status, stdout, stderr } = bench(...rows)
  assert.is(status, 0, stderr)
  const [peak, product] = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Result)
  assert.is(peak.name, 'peak/multiply-add')
  assert.is(product.name, 'matmul/64x64x64')
  for (const row of [peak, product]) {
    assert.ok(row.msMin > 0 && row.msMin <= row.ms, stdout)
    assert.is(row.dispatches, 1)
    assert.ok(row.adapter && row.driver && row.dawn === peak.dawn)
  }
  assert.ok(Math.abs(product.gflops! / ((2 * 64 ** 3) / product.ms / 1e6) - 1) < 1e-9)
  assert.ok(Math.abs(product.peakShare! - product.gflopsBest! / peak.gflopsBest!) < 1e-9)

  const base = join(mkdtempSync(join(tmpdir(), 'kernelgrad-test-')), 'base.jsonl')
  writeFileSync(base, `${JSON.stringify(product)}\n`)
  const same = bench(...rows, '--compare', base, '--threshold', '1000')
  assert.is(same.status, 0, same.stderr)
  assert.ok(JSON.parse(same.stdout.trim().split('\n')[1]).ratio > 0)

  writeFileSync(
    base,
    `${JSON.stringify({ ...product, ms: product.ms / 1e6, msMin: product.msMin / 1e6 })}\n`,
  )
  const slower = bench(...rows, '--compare', base)
  assert.is(slower.status, 1)
  assert.match(slower.stderr, /slower than 1\.25 × .*: matmul\/64x64x64 \(/)
})

test('what cannot be done is said before anything is measured', () => {
  const errors: [string[], RegExp][] = [
    [
      ['--only', 'matmull'],
      /--only matmull: no row's name begins so; they begin with peak, matmul, /,
    ],
    [['--compare', 'nowhere.jsonl'], /--compare nowhere\.jsonl: .*make it with/],
    [['--write', '--only', 'matmul'], /--write takes all rows/],
  ]
  for (const [words, message] of errors) {
    const { status, stdout, stderr } = bench(...words)
    assert.is(status, 1)
    assert.is(stdout, '')
    assert.match(stderr, message)
  }
})

const about: About = {
  adapter: 'test',
  driver: 'none',
  software: true,
  cpu: '2 × nothing',
  commit: 'abc1234',
  node: '20',
  dawn: '0',
}
const roofs = { gflops: 100, gbs: 10 }
const row = (name: string, more: Partial<Result> = {}): Result =>
  ({
    ...about,
    name,
    ms: 2.5,
    msMin: 2,
    spread: 0,
    rounds: 3,
    dispatches: 20,
    submits: 1,
    clock: 'wall',
    ...more,
  }) as Result

test('the figure has a dot for each row with multiply-adds, the two roofs, and a bar for each rung', () => {
  const products = [1, 50].map(x =>
    row(`matmul/${x}`, { flops: x * 1e6, bytes: 1e6, gflopsBest: x }),
  )
  const rungs = ['naive', 'subgroup'].map(r => row(`ladder/matmul/8x8x8/${r}`, { gflopsBest: 3 }))
  const svg = figure(
    [...products, ...rungs, row('adam/mlp', { bytes: 1, gbsBest: 1 })],
    about,
    roofs,
  )
  for (const words of [
    'multiply-add 100 GFLOP/s',
    'memory 10.0 GB/s',
    'matmul 8x8x8',
    'naive',
    'abc1234',
  ])
    assert.ok(svg.includes(words), words)
  assert.is(svg.match(/<circle/g)!.length, 3) // one in the legend
  assert.is(svg.match(/<rect/g)!.length, 3) // one is the paper
  assert.throws(() => figure([row('adam/mlp')], about, roofs), /no row to show/)
})

test('the table stands between the markers, and only it changes', () => {
  const steps = ['compiled', 'eager'].map(mode => row(`step/mlp/b128/${mode}`))
  const words = table(
    [...steps, row('matmul/512x512x512', { gflopsBest: 60, peakShare: 0.6 })],
    about,
    roofs,
  )
  assert.match(words, /\| MLP \| 20 \| – \| 2\.0 \(eager 2\.0\) \| – \|/)
  assert.match(words, /\| `matmul\/512x512x512` \| 60\.0 GFLOP\/s \| 60 % \|/)
  const text = 'a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n'
  assert.is(between(text, words), `a\n<!-- bench -->\n${words}\n<!-- /bench -->\nb\n`)
  assert.throws(() => between('a', words), /README\.md has no <!-- bench -->/)
})

test.run()
