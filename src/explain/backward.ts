/** The whole walk back, told in lines. */

import { check } from '../kernels/check.js'
import { described, optionsOf } from '../tensor/arguments.js'
import { text } from '../tensor/print.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { type StepperOptions, stepper } from './stepper.js'

export interface ExplainBackwardOptions extends StepperOptions {
  /** Print gradients of at most so many elements with their values; 0: none. */
  values?: number
}

/**
 * The backward pass from y, newest operation first: what reaches each result, which equation passes
 * it on, and where several paths are added up. Changes no `grad`, and keeps the graph.
 *
 *     console.log(await explainBackward(loss, { names: { model }, values: 8 }))
 *
 * @throws Error as `stepper` does
 */
export async function explainBackward(
  y: Tensor,
  options: ExplainBackwardOptions = {},
): Promise<string> {
  const given = optionsOf('explainBackward', options, ['dy', 'names', 'values'])
  const { values = 0, ...others } = given
  check(
    Number.isInteger(values) && values >= 0,
    () => `explainBackward: values is ${described(values)}; it must be a whole number from 0 up`,
  )
  const valuesOf = async (t: Tensor) =>
    t.size > values ? '' : ` = ${(await text(t)).split('\n').slice(1).join('')}`
  const lines: string[] = []
  for (const { record, dy, passed } of stepper(y, others)) {
    const { name, op, formula, shape } = record
    lines.push(`${name} ${op}: ${formula}   d${name} ${show(shape)}${await valuesOf(dy)}`)
    for (const { name, formula, dx, sum, isSum } of passed) {
      const equation = formula && `   ${formula}`
      const added = isSum ? `, added to what was there${await valuesOf(sum)}` : ''
      lines.push(`    → d${name} ${show(dx.shape)}${await valuesOf(dx)}${equation}${added}`)
    }
  }
  return lines.join('\n')
}
