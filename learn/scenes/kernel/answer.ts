/** Whether an answer to a puzzle is right: its kernel runs, and its numbers are compared. */
import { defineKernel, tensor } from '../../../src/index.js'
import { compileErrors } from './compile.js'
import { budget, guarded } from './guard.js'
import type { Puzzle, Trial } from './puzzles.js'

export interface Verdict {
  readonly right: boolean
  readonly words: string
}

/** Elements behind the end of y that nobody may write to. */
const fence = 64
const untouched = -12345
/** Of 128 rounded sums of numbers below 1. */
const tolerance = 1e-4

export async function checkAnswer(puzzle: Puzzle, answer: string): Promise<Verdict> {
  const wrong = (words: string): Verdict => ({ right: false, words })
  if (answer.includes('____')) return wrong('The blank is still blank.')
  const wgsl = puzzle.wgsl.replace('____', () => answer)
  const [error] = await compileErrors(wgsl)
  if (error) return wrong(`It does not compile: ${error.message}`)
  const trials = puzzle.trials()
  for (const trial of trials) {
    const found = await difference(wgsl, trial)
    if (found) return wrong(`${found} ${puzzle.hint}`)
  }
  const { needs } = puzzle
  if (needs && !needs[0].test(answer)) return wrong(`Not sure to work: ${needs[1]}.`)
  const sizes = trials.map(({ params }) => words(params)).join('; ')
  return { right: true, words: `Right, for ${sizes}.` }
}

/** The first wrong number of a trial, in words; null if there is none. */
async function difference(wgsl: string, trial: Trial): Promise<string | null> {
  const { inputs, params, threads, want } = trial
  const y = tensor(new Float32Array(want.length + fence).fill(untouched))
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => [name, tensor(values)]),
  )
  defineKernel(guarded(wgsl)).run({ tensors: { ...tensors, y }, params, threads })
  const got = await y.data()
  for (let i = 0; i < got.length; i++) {
    const at = `With ${words(params)}, y[${i}]`
    if (i >= want.length) {
      if (got[i] !== untouched) return `${at} was written, and it is behind the end.`
      continue
    }
    if (got[i] === untouched) return `${at} was never written.`
    if (!(Math.abs(got[i] - want[i]) <= tolerance))
      return (
        `${at} is ${got[i].toPrecision(5)}; it should be ${want[i].toPrecision(5)}. ` +
        `(Loops are cut off after ${budget} iterations.)`
      )
  }
  return null
}

function words(params: Trial['params']): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')
}
