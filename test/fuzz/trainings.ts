/** Many random trainings, each as it stands and compiled: all bits must be equal. */
import fc from 'fast-check'
import * as kg from '../../src/node.js'
import { openScope } from '../../src/tensor/scope.js'
import type { FuzzOptions } from './programs.js'
import { type TrainingChoices, textOf } from './training.js'

const trainings: fc.Arbitrary<TrainingChoices> = fc.record({
  layers: fc.array(fc.noShrink(fc.double({ min: 0, max: 0.999999, noNaN: true })), {
    maxLength: 6,
    size: 'max',
  }),
  calls: fc.array(
    fc.array(fc.noShrink(fc.integer({ min: 1, max: 2 ** 30 })), { maxLength: 2, size: 'max' }),
    { minLength: 4, maxLength: 14, size: 'max' },
  ),
  seed: fc.noShrink(fc.integer({ min: 1, max: 2 ** 30 })),
})

const perDevice = 100 // lavapipe maps memory for every small object, up to a limit of the system

type Wrap = (step: (...xs: kg.Tensor[]) => unknown) => unknown
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor

/** How often steps were recorded and replayed, and trainings that throw as they stand. */
export const trainingCounts = { recorded: 0, replayed: 0, threw: 0 }

async function outcomeOf(text: string, wrap: Wrap): Promise<string[]> {
  const scope = openScope()
  const later = () => {} // reads that are not awaited yet may fail: the text awaits them at its end
  process.on('unhandledRejection', later)
  try {
    const results: unknown[] = await new AsyncFunction('kg', 'wrap', text)(kg, wrap)
    await kg.zeros([1]).data() // throws what verify has found since
    const counts = results.pop() as { recorded: number; replayed: number } | undefined
    trainingCounts.recorded += counts?.recorded ?? 0
    trainingCounts.replayed += counts?.replayed ?? 0
    return results.map(r =>
      ArrayBuffer.isView(r) ? `${new Uint32Array(r.buffer)}` : JSON.stringify(r),
    )
  } catch (error) {
    return [`throws ${(error as Error).message}`]
  } finally {
    await kg
      .zeros([1])
      .data()
      .catch(() => {}) // nothing is left for the next
    process.off('unhandledRejection', later)
    kg.useVariants({})
    kg.nn.detectAnomaly(false)
    scope.close()
  }
}

export async function checkTraining(text: string): Promise<void> {
  const wanted = await outcomeOf(text, step => step)
  if (wanted[0].startsWith('throws')) {
    trainingCounts.threw++
    if (process.env.FUZZ_TRACE) console.log(wanted[0], wanted[0].includes('null') ? text : '')
  }
  await compare(wanted, text, 0)
  await compare(wanted, text, 2)
}

async function compare(wanted: string[], text: string, verify: number): Promise<void> {
  const made: kg.CompiledStep<kg.Tensor[], unknown>[] = []
  const compiled = await outcomeOf(text, step => {
    made.push(kg.compile(step, { verify }))
    return made.at(-1)
  })
  for (const step of made) step.dispose()
  for (const [i, bits] of wanted.entries()) {
    if (bits.startsWith('throws') && compiled[i]?.startsWith('throws')) continue
    if (bits !== compiled[i])
      throw new Error(
        `result ${i}: as it stands ${bits.slice(0, 300)}, compiled ${compiled[i]?.slice(0, 300)}`,
      )
  }
}

/** @throws Error with the smallest training found that fails, as text. */
export async function fuzzTrainings({
  seed,
  count,
  seconds,
  onRun,
}: FuzzOptions): Promise<typeof trainingCounts> {
  let nth = 0
  const property = fc.asyncProperty(trainings, async choices => {
    if (nth % perDevice === perDevice - 1) {
      kg.shutdown()
      await kg.init()
    }
    globalThis.gc?.()
    await checkTraining(textOf(choices))
    onRun?.(++nth)
  })
  const result = await fc.check(property, {
    seed,
    numRuns: count,
    ...(seconds && { interruptAfterTimeLimit: 1000 * seconds }),
  })
  if (!result.failed) return trainingCounts
  const text = textOf(result.counterexample![0])
  const { message } = result.errorInstance as Error
  throw new Error(
    `trainings: number ${result.numRuns} fails, after ${result.numShrinks} reductions: ${message}\n\n` +
      `again: npm run fuzz -- --what trainings --seed ${seed} --count ${result.numRuns}\n\n` +
      `const train = async (wrap) => {\n${text}\n}`,
  )
}
