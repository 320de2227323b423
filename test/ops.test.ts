/** Every op of the table, driven through the properties that all ops share. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as ops from '../src/autograd/ops/index.js'
import { add, type DType, grad, ones, type Tensor, tensor } from '../src/index.js'
import { gpu } from './gpu.js'
import type { LayoutName } from './ops/inputs.js'
import { checkForward, checkGradient, checkSecond, type Trial } from './ops/properties.js'
import { type Grid, zip } from './ops/reference.js'
import { type Case, type OpName, type Row, table } from './ops/table.js'

test.before(gpu)

type Call<T> = (...args: unknown[]) => T | T[]
const calls = { ...ops } as unknown as Record<OpName, Call<Tensor>>
const strided: LayoutName[] = ['transposed', 'stepped', 'shifted', 'expanded']

for (const name of Object.keys(table) as OpName[]) {
  const row = table[name] as Row
  const trials = row.cases.map(c => trialOf(name, row, c))
  const twice = trials.map(fanOut)
  const withItself = trials.filter(takesItself).map(merge)
  const smooth = row.gradient !== 'none'

  test(`${name} agrees with float64`, () => all(trials, checkForward))

  test(`${name} reads transposed, stepped, shifted and expanded tensors`, () =>
    all(inEveryLayout(trials), checkForward))

  if (smooth) {
    test(`the gradient of ${name} agrees with differences in float64`, () =>
      all(trials, checkGradient))

    test(`the gradient of ${name} passes transposed, stepped, shifted and expanded tensors`, () =>
      all(inEveryLayout(trials), checkGradient))

    test(`${name} of inputs that are used twice has twice the gradient`, () =>
      all([...twice, ...withItself], checkGradient))

    test(`the gradient of the gradient of ${name} agrees with differences in float64`, () =>
      all(trials, checkSecond))
  }

  if (row.whole) {
    test(`${name} works on whole numbers`, () =>
      all(
        trials.flatMap(t => [
          { ...t, dtype: 'i32' },
          { ...t, dtype: 'u32' },
        ]),
        checkForward,
      ))
  } else {
    test(`${name} refuses whole numbers and says what it wants`, () => {
      const inputs = tensorsOf(trials[0], () => 'i32')
      assert.throws(
        () => trials[0].engine(...inputs),
        /i32; it must be f32: convert with to\('f32'\)/,
      )
    })
  }

  if (table[name].cases[0].inputs.length > 1) {
    test(`${name} refuses tensors of different dtypes`, () => {
      const inputs = tensorsOf(trials[0], nth => (nth ? 'f32' : 'i32'))
      assert.throws(() => trials[0].engine(...inputs), new RegExp(`^${name}.*i32`))
    })
  }
}

// biome-ignore format: a table reads in columns
const kinks: [claim: string, f: (x: Tensor) => Tensor, x: number, slope: number][] = [
  ['relu has slope 0 at 0',                       x => ops.relu(x),                  0,   0],
  ['abs has slope 0 at 0',                        x => ops.abs(x),                   0,   0],
  ['leakyRelu has its small slope at 0',          x => ops.leakyRelu(x, 0.2),        0,   Math.fround(0.2)],
  ['clamp has slope 1 on its lower limit',        x => ops.clamp(x, { min: 1 }),     1,   1],
  ['clamp has slope 1 on its upper limit',        x => ops.clamp(x, { max: 1 }),     1,   1],
  ['a tie gives maximum half the slope',          x => ops.maximum(x, 3),            3,   0.5],
  ['a tie gives minimum half the slope',          x => ops.minimum(3, x),            3,   0.5],
  ['sqrt has an infinite slope at 0',             x => ops.sqrt(x),                  0,   Infinity],
  ['x⁰ has slope 0 at 0',                         x => ops.pow(x, 0),                0,   0],
  ['x² has slope 0 at 0',                         x => ops.pow(x, tensor(2)),        0,   0],
  ['softplus has slope 1 past its threshold',     x => ops.softplus(x),              50,  1],
]

for (const [claim, f, x, slope] of kinks) {
  test(claim, async () => {
    const at = tensor(x, { requiresGrad: true })
    assert.is(await grad(f(at), at).item(), slope)
  })
}

// biome-ignore format: a table reads in columns
const extremes: [claim: string, f: (x: Tensor) => Tensor, x: number[], y: number[]][] = [
  ['tanh reaches ±1 and keeps NaN',         x => ops.tanh(x),     [-1e30, -20, 20, 1e30, NaN], [-1, -1, 1, 1, NaN]],
  ['sigmoid reaches 0 and 1 and keeps NaN', x => ops.sigmoid(x),  [-1e30, 30, 1e30, NaN],      [0, 1, 1, NaN]],
  ['silu reaches 0 and x and keeps NaN',    x => ops.silu(x),     [-200, 30, 1e30, NaN],       [0, 30, Math.fround(1e30), NaN]],
  ['gelu reaches 0 and x and keeps NaN',    x => ops.gelu(x),     [-100, 30, 1e30, NaN],       [0, 30, Math.fround(1e30), NaN]],
  ['gelu by tanh does the same',            x => ops.gelu(x, { approximate: 'tanh' }), [-100, 30, NaN], [0, 30, NaN]],
  ['softplus reaches 0 and x and keeps NaN', x => ops.softplus(x), [-200, 100, 1e30, NaN],     [0, 100, Math.fround(1e30), NaN]],
  ['leakyRelu keeps NaN',                   x => ops.leakyRelu(x), [-Infinity, NaN],            [-Infinity, NaN]],
  ['abs, exp and log keep NaN',             x => ops.log(ops.exp(ops.abs(x))), [-1, NaN],       [1, NaN]],
  ['relu keeps NaN',                        x => ops.relu(x),     [-Infinity, Infinity, NaN],  [0, Infinity, NaN]],
  ['clamp keeps NaN',                       x => ops.clamp(x, { min: -1, max: 1 }), [-Infinity, 9, NaN], [-1, 1, NaN]],
  ['maximum keeps NaN',                     x => ops.maximum(x, 1), [0, 2, NaN],                [1, 2, NaN]],
  ['minimum keeps NaN',                     x => ops.minimum(1, x), [0, 2, NaN],                [0, 1, NaN]],
  ['NaN equals nothing',                    x => ops.equal(x, x).to('f32'),    [1, NaN],       [1, 0]],
  ['NaN differs from everything',           x => ops.notEqual(x, x).to('f32'), [1, NaN],       [0, 1]],
  ['log is −∞ at 0 and NaN below',          x => ops.log(x),      [1, 0, -1],                  [0, -Infinity, NaN]],
  ['sqrt is NaN below 0',                   x => ops.sqrt(x),     [4, 0, -1],                  [2, 0, NaN]],
  ['a whole power keeps the sign',          x => ops.pow(x, tensor(3)), [-2, 0, 3],             [-8, 0, 27]],
  ['a broken power of less than 0 is NaN',  x => ops.pow(x, 0.5), [-2, 4],                     [NaN, 2]],
  ['a power 0 is 1',                        x => ops.pow(x, tensor(0)), [-2, 0, NaN],           [1, 1, 1]],
  ['exp overflows to ∞ and falls to 0',     x => ops.exp(x),      [-200, 0, 100],              [0, 1, Infinity]],
]

for (const [claim, f, x, y] of extremes) {
  test(claim, async () => {
    const got = await f(tensor(x)).data()
    const close = (v: number, want: number) =>
      Object.is(v + 0, want + 0) || Math.abs(v - want) <= 1e-5 * Math.abs(want) + 1e-35
    assert.ok(
      got.every((v, i) => close(v, y[i])),
      `of [${x}]: expected [${y}], got [${got}]`,
    )
  })
}

test('casts drop fractions towards 0, take what is not 0 for true, and keep bits of whole numbers', async () => {
  const x = tensor([-1.9, -0, 0.4, 2.9])
  assert.equal(await x.to('i32').array(), [-1, 0, 0, 2])
  assert.equal(await x.to('bool').array(), [true, false, true, true])
  assert.equal(await x.to('bool').to('f32').array(), [1, 0, 1, 1])
  assert.equal(await tensor([7.9, 3e9]).to('u32').array(), [7, 3e9])
  assert.equal(await tensor([-1], { dtype: 'i32' }).to('u32').array(), [2 ** 32 - 1])
  assert.equal(await tensor([-5], { dtype: 'i32' }).to('f32').array(), [-5])
})

function trialOf(name: OpName, row: Row, c: Case): Trial {
  const { args } = c
  const from = c.from ?? row.from ?? 'any'
  const engine = calls[name]
  const reference = row.f as unknown as Call<Grid>
  return {
    name,
    engine: (...xs) => [engine(...xs, ...args)].flat(),
    reference: (...xs) => [reference(...xs, ...args)].flat(),
    case: c,
    from: nth => (typeof from === 'string' ? from : from[nth]),
    tolerance: row.tolerance ?? 'rounded',
    layout: 'contiguous',
    dtype: 'f32',
  }
}

function inEveryLayout(trials: Trial[]): Trial[] {
  return trials.flatMap(trial => strided.map(layout => ({ ...trial, layout })))
}

/** f(x) + f(x): every input is used by two results. */
function fanOut(trial: Trial): Trial {
  const { engine, reference } = trial
  return {
    ...trial,
    name: `twice ${trial.name}`,
    engine: (...xs) => engine(...xs).map((y, i) => add(y, engine(...xs)[i])),
    reference: (...xs) => reference(...xs).map(y => zip(v => 2 * v, y)),
  }
}

/** Whether one tensor can stand for the first two inputs. */
function takesItself({ case: { inputs }, from }: Trial): boolean {
  return (
    inputs.length > 1 &&
    from(0) !== 'truth' &&
    `${inputs[0]}` === `${inputs[1]}` &&
    typeof inputs[0] !== 'number'
  )
}

/** f(x, x): both inputs are the same tensor. */
function merge(trial: Trial): Trial {
  const { engine, reference } = trial
  const { inputs, ...rest } = trial.case
  return {
    ...trial,
    name: `${trial.name} with itself`,
    engine: (x, ...xs) => engine(x, x, ...xs),
    reference: (x, ...xs) => reference(x, x, ...xs),
    case: { ...rest, inputs: inputs.slice(1) },
  }
}

function tensorsOf(trial: Trial, dtype: (nth: number) => DType): Tensor[] {
  return trial.case.inputs.map((shape, nth) => ones(shape as number[], { dtype: dtype(nth) }))
}

async function all(trials: Trial[], property: (trial: Trial) => Promise<void>): Promise<void> {
  for (const trial of trials) await property(trial)
}

test.run()
