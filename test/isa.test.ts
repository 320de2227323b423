/** `npm run isa`: what it reads from a compiler's output, and what it says where a tool is missing. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boundOf, summary } from '../bench/isa/bounds.js'
import { cards } from '../bench/isa/cards.js'
import { readResults, worse } from '../bench/isa/compare.js'
import { readOutput } from '../bench/isa/output.js'
import { multiplyAdds } from '../bench/isa/products.js'
import { type IsaResult, line, resultOf } from '../bench/isa/result.js'
import { behind, sideBySide } from '../bench/isa/sidebyside.js'
import type { Bound } from '../src/tensor/run.js'

const sample = readFileSync(new URL('fixtures/isa.txt', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-isa-'))
test.after(() => rmSync(folder, { recursive: true }))

const results = () =>
  readOutput(sample).map(made =>
    resultOf({ ...made, card: 'navi31', rows: [`row/${made.kernel}`] }),
  )

test('a pipeline has its numbers; one that the driver did not compile again is left out', () => {
  const [made, fill, ...rest] = results()
  assert.equal(rest, [])
  assert.equal([made.kernel, made.entry, made.constants], ['made/up', 'main', { TILE: 8 }])
  assert.equal([made.registers, made.spills, made.waves, made.workgroupBytes], [48, 2, 14, 4096])
  assert.equal([fill.kernel, fill.registers, fill.fmaPerValu], ['fill', 12, null])
})

test('an inner loop counts 16 times, and a dual instruction is one slot of up to two fma', () => {
  const [{ loops }] = readOutput(sample)
  const [{ innermost, ...hot }, edge] = loops
  const of = { fma: 16 * 4, valu: 16 * 4 + 1, lds: 16 + 1, vmem: 1, matrix: 0 }
  assert.equal(hot, { first: 1, last: 3, ...of })
  assert.is(innermost, 1)
  assert.equal([edge.first, edge.fma, edge.valu, edge.vmem, edge.innermost], [4, 1, 1, 1, NaN])
  assert.is(loops.length, 2) // a loop without a multiply-add is none of them
})

test('the ratios of a line are those of the loop that does most', () => {
  const [made] = results()
  assert.equal(
    [made.fmaPerValu, made.innerFmaPerValu, made.ldsPerFma, made.vmemPerFma, made.otherLoops],
    [0.9846, 1, 0.2656, 0.0156, [1]],
  )
  assert.match(
    line(made),
    /^made\/up +0\.98 +1\.00 +0\.266 +0\.016 +48 +2 +14 +row\/made\/up; also 1/,
  )
})

test('statistics that lack a number are an error that names it', () => {
  assert.throws(
    () => readOutput(sample.replace('\nSpilled VGPRs: 2', '')),
    /made\/up\.main,TILE=8 have no 'Spilled VGPRs'/,
  )
})

const base: IsaResult = { ...results()[0], name: 'matmul/8', rows: ['matmul/8'], spills: 0 }

test('--compare finds new spills and a tenth of fma/valu, whatever the variant is called', () => {
  const now = (change: Partial<IsaResult>) => worse([{ ...base, ...change }], [base])
  assert.equal(now({ kernel: 'made/new', fmaPerValu: 0.9 }), [])
  assert.match(now({ spills: 1 })[0], /navi31 matmul\/8 made\.main: made\/up spills 1/)
  assert.match(now({ kernel: 'made/new', fmaPerValu: 0.5 })[0], /of made\/new was 0\.9846, is 0\.5/)
  assert.match(now({ fmaPerValu: null })[0], /is none/)
  assert.throws(() => now({ card: 'navi21' }), /none of these rows on these cards/)
  const step = { ...base, rows: ['matmul/8', 'step/mlp'] }
  assert.equal(worse([base], [step]), ['navi31 step/mlp: no kernel was compiled for it'])
  assert.equal(worse([base], [step], ['matmul']), [])
})

test('results that --json printed are read again, and other lines are refused', () => {
  const file = join(folder, 'isa.jsonl')
  writeFileSync(file, `> npm's line\n${JSON.stringify(base)}\n`)
  assert.equal(readResults(file), [JSON.parse(JSON.stringify(base))])
  writeFileSync(file, `${JSON.stringify(base)}\n{"name":"x"}\n`)
  assert.throws(() => readResults(file), /isa\.jsonl: line 2 is no object as --json prints it/)
  assert.throws(() => readResults(join(folder, 'none')), /none: ENOENT.*make it with/)
})

test('rivals stand beside the kernel that does the same work, and are said to be better or not', () => {
  const of = (kernel: string, fmaPerValu: number | null, ...rows: string[]) => ({
    ...base,
    ...{ kernel, fmaPerValu, rows, name: rows[0] },
  })
  const all = [
    of('matmul/tiled', 0.5, 'matmul/8', 'step/mlp'),
    of('linear/tiled', 0.7, 'linear/8'),
    of('tfjs/Product', 0.8, 'matmul/8', 'linear/8'),
    of('tfjs/Sum', 0.1, 'linear/8'),
    of('jax-js/generated', null, 'matmul/8'),
  ]
  const names = sideBySide(all).map(words => words.match(/^\S+|\S+\/8/g)!.join(' '))
  assert.equal(names, [
    'linear/tiled linear/8',
    'tfjs/Product linear/8',
    'tfjs/Sum linear/8',
    'matmul/tiled matmul/8',
    'tfjs/Product matmul/8',
  ])
  assert.equal(behind(all), ['matmul/8: 0.50, tfjs 0.80'])
})

test('the multiply-adds of a launch are those of its product', () => {
  const of = (kernel: string, shapes: Record<string, number[]>) => {
    const bound = Object.entries(shapes).map(([name, shape]) => ({ name, tensor: { shape } }))
    return multiplyAdds(kernel, bound as unknown as Bound[])
  }
  assert.is(of('matmul/any', { A: [2, 3, 4], B: [2, 4, 5], C: [2, 3, 5] }), 2 * 3 * 4 * 5)
  const [x, W] = [
    [8, 3],
    [5, 3],
  ]
  assert.is(of('linear/any', { x, W, dy: [8, 5], dx: x, gradients: W }), 2 * 8 * 3 * 5)
  assert.is(of('linear/any', { x, W, dy: [8, 5], dx: [1], gradients: W }), 8 * 3 * 5)
  assert.is(of('conv/any/input', { y: [2, 5, 3, 3], w: [5, 1, 2, 2], result: [9] }), 18 * 20)
  assert.is(of('adam', { g: [9] }), 0)
  assert.is(of('matmul/total', { parts: [2, 3], C: [3] }), 0)
  assert.throws(() => of('matmul/any', { X: [2] }), /matmul\/any has no tensor A/)
})

test('the bound of a launch is the largest of computing, moving and launching', () => {
  const card = { ...cards.navi31, tflops: 20, gbs: 100, places: 48 }
  const launched = { label: 'matmul/any.main,TILE=64', fma: 1e9, bytes: 1e6, workgroups: 96 }
  const compute = boundOf(launched, card, 0.5)
  // 2e9 operations at 20 TFLOP/s are 100 µs, with a quarter of the two per instruction 400
  assert.equal(
    [compute.kernel, compute.peak, compute.compute, compute.memory, compute.binds],
    ['matmul/any', 100, 400, 10, 'compute'],
  )
  assert.is(boundOf({ ...launched, workgroups: 12 }, card, 0.5).compute, 1600) // on a quarter
  const memory = boundOf({ ...launched, fma: 0 }, card, null)
  const launch = boundOf({ ...launched, fma: 0, bytes: 4 }, card, null)
  assert.equal([memory.binds, launch.binds], ['memory', 'launch'])
  assert.match(
    summary([compute, memory, launch])[0],
    /3 launches: at least 415 µs; compute binds 1/,
  )
})

test('the kept results are readable and complete', () => {
  for (const card of ['navi31', 'navi21']) {
    const kept = readResults(
      fileURLToPath(new URL(`../bench/results/isa-${card}.jsonl`, import.meta.url)),
    )
    assert.ok(kept.every(one => one.card === card && one.registers > 0 && one.waves > 0))
    for (const row of ['matmul/1024', 'linear/784-128/b128/backward', 'conv/', 'step/vae'])
      assert.ok(
        kept.some(({ rows }) => rows.some(name => name.startsWith(row))),
        `${card}: ${row}`,
      )
  }
})

test('without gcc it says what to install', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bench/isa/main.ts', '--card', 'navi31', '--only', 'matmul/64'],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, PATH: folder, XDG_CACHE_HOME: folder },
    },
  )
  assert.is(status, 1)
  assert.match(stderr, /isa: navi31: .*gcc does not start.*apt install gcc libvulkan-dev/)
})

test.run()
