/** Many random programs: the first that fails is made smaller, and printed. */
import fc from 'fast-check'
import { build, type Choice } from './build.js'
import { checkProgram, counts } from './checkprogram.js'
import { textOf } from './print.js'

export interface FuzzOptions {
  readonly seed: number
  readonly count: number
  /** Ends then, whatever the count. */
  readonly seconds?: number
  /** Called after each. */
  readonly onRun?: (nth: number) => void
}

const choice: fc.Arbitrary<Choice> = fc.record({
  back: fc.array(fc.nat({ max: 5 }), { minLength: 2, maxLength: 4 }),
  seed: fc.noShrink(fc.integer({ min: 1, max: 2 ** 30 })),
})

const program = fc.tuple(
  fc.array(choice, { minLength: 1, maxLength: 9, size: 'max' }),
  fc.noShrink(fc.integer({ min: 1, max: 2 ** 30 })),
)

/** @throws Error with the smallest program found that fails, as text. */
export async function fuzzPrograms({
  seed,
  count,
  seconds,
  onRun,
}: FuzzOptions): Promise<typeof counts> {
  let nth = 0
  const property = fc.asyncProperty(program, async ([choices, own]) => {
    await checkProgram(build(choices, own))
    onRun?.(++nth)
  })
  const result = await fc.check(property, {
    seed,
    numRuns: count,
    ...(seconds && { interruptAfterTimeLimit: 1000 * seconds }),
  })
  if (!result.failed) return counts
  const [[choices, own]] = result.counterexample!
  const message = `${(result.errorInstance as Error).message}`
  const text = textOf(build(choices, own), message.split('\n')[0])
  throw new Error(
    `programs: number ${result.numRuns} fails, after ${result.numShrinks} reductions: ${message}\n\n` +
      `again: npm run fuzz -- --what programs --seed ${seed} --count ${result.numRuns}\n\n${text}`,
  )
}
