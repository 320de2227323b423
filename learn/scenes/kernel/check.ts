/** Whether an edited kernel still computes its product: compared with plain loops in float64. */

import type { LineMessage } from '../../shell/editor.js'
import { compileErrors } from './compile.js'
import { launchIn, refusal, runExchanged } from './exchange.js'
import { budget, guarded } from './guard.js'
import type { Step, Subject } from './subject.js'

export interface Verdict {
  readonly right: boolean
  readonly words: string
  /** What stands at lines of the text. */
  readonly errors: readonly LineMessage[]
}

const ulp = 2 ** -24 // half a unit in the last place of 1, in float32

/** Compiles the text, runs it in the place of the step's kernel, and compares each element. */
export async function checkText(subject: Subject, step: Step, wgsl: string): Promise<Verdict> {
  const wrong = (words: string, errors: readonly LineMessage[] = []) => ({
    right: false,
    words,
    errors,
  })
  const errors = await compileErrors(wgsl)
  if (errors.length > 0) {
    const [{ line, message }] = errors
    return wrong(`It does not compile. Line ${line}: ${message}`, errors)
  }
  const products = subject.products(step.name)
  const text = guarded(wgsl)
  const { constants } = launchIn(() => products[0].run(step.name), step.kernel)
  const refused = await refusal(step.kernel, text, constants)
  if (refused) return wrong(`It makes no pipeline: ${refused}`)
  let largest = 0
  for (const { name, run, want, terms } of products) {
    const got = await runExchanged(() => run(step.name), { kernel: step.kernel, wgsl: text })
    const { y, size } = await want()
    for (const [i, value] of got.entries()) {
      // each term is rounded, and so is each of the sums
      const bound = (terms + 1) * ulp * size[i]
      const error = Math.abs(value - y[i])
      if (!(error <= bound))
        return wrong(
          `${name}: element ${i} is ${show(value)}, and in float64 it is ${show(y[i])}. ` +
            `(Loops end after ${budget} iterations here, so that the page goes on.)`,
        )
      largest = Math.max(largest, error / bound)
    }
  }
  const names = products.map(({ name }) => name).join('; ')
  const part = `${(100 * largest).toFixed(0)} % of what rounding allows`
  return { right: true, words: `Right: ${names}. The largest error is ${part}.`, errors: [] }
}

/** A number that was never written is NaN. */
function show(value: number): string {
  return Number.isNaN(value) ? 'never written' : value.toPrecision(6)
}
