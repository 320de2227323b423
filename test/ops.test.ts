/** Every op of the table, driven through the properties that all ops share. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { add, type DType, ones, shutdown } from '../src/index.js'
import { openScope } from '../src/tensor/scope.js'
import { gpu } from './gpu.js'
import { type LayoutName, ownDtype } from './ops/inputs.js'
import {
  checkAdjoint,
  checkForward,
  checkGradient,
  checkSecond,
  checkShortcut,
  type Property,
} from './ops/properties.js'
import { zip } from './ops/reference.js'
import type { Row } from './ops/row.js'
import { type OpName, table } from './ops/table.js'
import { type Trial, trialOf } from './ops/trial.js'

test.before(gpu)
test.after(shutdown)

const strided: LayoutName[] = ['transposed', 'stepped', 'shifted', 'shiftedByFour', 'expanded']

/** OP=conv2d,relu npm test tries these alone. */
const chosen = process.env.OP?.split(',')

for (const name of Object.keys(table) as OpName[]) {
  if (chosen && !chosen.includes(name)) continue
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
      all(inTurn(trials), checkGradient))

    test(`${name} of inputs that are used twice has twice the gradient`, () =>
      all([...twice, ...withItself], checkGradient))

    if (row.linear)
      test(`${name} is linear, and its gradient the adjoint: ⟨A x, u⟩ = ⟨x, Aᵀu⟩`, () =>
        all([...trials, ...inTurn(trials)], checkAdjoint))

    test(`the shortcuts of ${name} agree with its arrows`, () =>
      all([...trials, ...inTurn(trials), ...withItself], checkShortcut))

    if (row.second !== 'none')
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

  if (row.cases[0].inputs.filter((_, nth) => !ownDtype(trials[0].from(nth))).length > 1) {
    test(`${name} refuses tensors of different dtypes`, () => {
      const last = row.cases[0].inputs.length - 1
      const inputs = tensorsOf(trials[0], nth => (nth === last ? 'f32' : 'i32'))
      assert.throws(() => trials[0].engine(...inputs), /^\w+: .*i32/)
    })
  }
}

function inEveryLayout(trials: Trial[]): Trial[] {
  return trials.flatMap(trial => strided.map(layout => ({ ...trial, layout })))
}

/** Each in two of the layouts, by turns: three cases see them all. */
function inTurn(trials: Trial[]): Trial[] {
  return trials.flatMap((trial, i) =>
    [2 * i, 2 * i + 1].map(turn => ({ ...trial, layout: strided[turn % strided.length] })),
  )
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

/** Whether one tensor can stand for the first two inputs: of one shape, from one domain. */
function takesItself({ case: { inputs }, from }: Trial): boolean {
  return (
    inputs.length > 1 &&
    !ownDtype(from(0)) &&
    from(0) === from(1) &&
    inputs[0] !== null &&
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
    from: nth => trial.from(nth + 1),
  }
}

/** Ones in place of a trial's inputs; where a dtype is the op's own affair (indices, bools), it stays. */
function tensorsOf({ case: { inputs }, from }: Trial, dtype: (nth: number) => DType): unknown[] {
  return inputs.map((shape, nth) =>
    shape === null || typeof shape === 'number'
      ? shape
      : ones(shape, { dtype: ownDtype(from(nth)) ?? dtype(nth) }),
  )
}

/** Each in a scope of its own: tens of thousands of buffers that wait to be collected are more than some drivers map. */
async function all(trials: Trial[], property: Property): Promise<void> {
  for (const trial of trials) {
    const made = openScope()
    try {
      await property(trial)
    } finally {
      made.close()
    }
  }
}

test.run()
