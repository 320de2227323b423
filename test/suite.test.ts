/** The gradient suite itself: that it finds what is wrong, and `npm run gradcheck` as its user sees it. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { detach, mul, neg, record, type Tensor } from '../src/index.js'
import { gpu } from './gpu.js'
import { gradcheck } from './ops/gradcheck.js'
import { generator } from './ops/inputs.js'
import { type Grid, zip } from './ops/reference.js'
import { alone, aloneAtRandom, via } from './ops/row.js'
import { examine, opSubject, propertiesOf, type Subject, subjects } from './ops/suite.js'

test.before(gpu)

const random = { cases: alone, generate: aloneAtRandom }

/** A subject that should be f, and is what `call` makes of it. */
function impostor(f: (x: number) => number, call: (x: Tensor) => Tensor): Subject {
  return opSubject(
    'impostor',
    via(call, (x: Grid) => zip(f, x), { ...random, linear: true }),
  )
}

/** Which properties do not hold. */
async function broken(subject: Subject, generated = 4): Promise<string[]> {
  const { worst } = await examine(subject, { seed: 1, generated })
  return Object.entries(worst).flatMap(([name, { ratio }]) => (ratio > 1 ? [name] : []))
}

test('an op that is right passes', async () => {
  assert.equal(await broken(impostor(x => -x, neg)), [])
})

test('a wrong value is found', async () => {
  const f = (x: Tensor) => record('wrong', mul(detach(x), -1.0001), [[x, dy => neg(dy)]])
  assert.equal(await broken(impostor(x => -x, f)), ['forward', 'adjoint'])
})

test('a wrong gradient is found, and the element that is wrong', async () => {
  const f = (x: Tensor) => record('wrong', neg(detach(x)), [[x, dy => mul(dy, -1.0001)]])
  const subject = impostor(x => -x, f)
  assert.equal(await broken(subject), ['gradient', 'adjoint', 'second'])
  const { failures } = await examine(subject, { seed: 1, generated: 0 })
  assert.match(failures[0].finding.what, /^gradient of input 0 at \d+$/)
})

test('a gradient that is right but has a wrong gradient is found', async () => {
  const f = (x: Tensor) =>
    record('wrong', detach(mul(x, x)), [[x, dy => mul(dy, detach(mul(x, 2)))]])
  const subject = impostor(x => x * x, f)
  assert.equal(await broken({ ...subject, row: { ...subject.row, linear: undefined } }), ['second'])
})

test('an op that takes a strided tensor for a contiguous one is found by generated cases', async () => {
  const blind = (x: Tensor) => (x.isContiguous ? neg(x) : mul(x, 1))
  const subject = impostor(x => -x, blind)
  assert.equal(await broken(subject, 0), [])
  assert.ok((await broken(subject, 20)).includes('forward'))
})

test('an op that throws has failed', async () => {
  const f = (): Tensor => {
    throw new Error('out of order')
  }
  const { failures } = await examine(
    impostor(x => x, f),
    { seed: 1, generated: 0, nth: 0 },
  )
  assert.match(failures[0].finding.what, /^forward: out of order$/)
})

test('a failure names the command that repeats it, which finds the same again', async () => {
  const f = (x: Tensor) => record('wrong', neg(detach(x)), [[x, dy => mul(dy, -1.0001)]])
  const subject = impostor(x => -x, f)
  const lines: string[] = []
  const holds = await gradcheck([subject], { seed: 5, generated: 3, print: l => lines.push(l) })
  assert.is(holds, false)
  const said = lines.find(text => /again:/.test(text))!
  const [, nth] = said.match(/again: npm run gradcheck -- --op impostor --case (\d+) --seed 5/)!
  const again = await examine(subject, { seed: 5, generated: 0, nth: Number(nth) })
  assert.ok(said.includes(`got ${again.failures[0].finding.got}`))
  assert.match(lines.at(-1)!, /1 FAILS: impostor/)
})

test('every row makes cases that its op takes, whatever the seed', async () => {
  for (const { name, row, trial } of subjects) {
    const random = generator(7)
    for (let i = 0; row.generate && i < 20; i++)
      assert.ok(trial(row.generate(random)).case.inputs.length > 0, name)
  }
})

test('what is linear says so, and is held to its adjoint', () => {
  const linear = subjects.filter(subject => propertiesOf(subject).includes('adjoint'))
  const names = linear.map(({ name }) => name)
  for (const name of ['neg', 'add', 'mul', 'sum', 'mean', 'matmul', 'linear', 'expand', 'Linear'])
    assert.ok(names.includes(name), name)
})

const root = fileURLToPath(new URL('..', import.meta.url))

function command(...args: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/gradcheck.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: undefined },
  })
}

test('npm run gradcheck prints a line for each op and what it came to, and ends with exit code 0', () => {
  const { status, signal, stdout } = command('--op', 'mul,ReLU', '--cases', '2', '--seed', '3')
  assert.is(signal, null)
  assert.is(status, 0)
  assert.match(stdout, /^seed 3, on /)
  assert.match(stdout, /^op +cases +forward +gradient +adjoint +second +shortcut +absolute +where/m)
  assert.match(stdout, /^mul +18 +\S+ +\S+ +\S+ +\S+ +\S+ +.*mul\(\[/m)
  assert.match(stdout, /^ReLU +10 +\S+ +\S+ +– /m)
  assert.match(stdout, /^1 op and 1 layer, 28 cases, 130 checks in \d+ s: all within their bounds/m)
})

test('the same seed gives the same table, another seed another', () => {
  const table = (seed: string) =>
    command('--op', 'matmul', '--cases', '3', '--seed', seed).stdout.match(/^matmul.*$/m)![0]
  assert.is(table('1'), table('1'))
  assert.not.equal(table('1'), table('2'))
})

test('an op that there is not ends in one line with what may have been meant, and exit code 1', () => {
  const { status, stdout, stderr } = command('--op', 'relo')
  assert.is(status, 1)
  assert.is(stdout, '')
  assert.match(
    stderr,
    /^kernelgrad: there is no op or layer 'relo'; did you mean relu or ReLU.*\?\n$/,
  )
})

test('--seed wants a number, and --help says what is checked', () => {
  assert.is(command('--seed', 'x').status, 1)
  const { status, stdout } = command('--help')
  assert.is(status, 0)
  assert.match(stdout, /forward[\s\S]*gradient[\s\S]*adjoint[\s\S]*second[\s\S]*--op[\s\S]*--seed/)
})

test.run()
