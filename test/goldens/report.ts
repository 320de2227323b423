/** Outcomes as a table. */
import type { GoldenFile } from './folder.js'
import type { Outcome } from './run.js'

/** Whether the case ran and every result is within its bound. */
export function passes({ ratio, lacks }: Outcome): boolean {
  return ratio <= 1 && lacks.length === 0
}

/** The lines above a file's table. */
export function head({ name, group, origin, cases }: GoldenFile, run: number): string {
  const some = run < cases.length ? `${run} of ${count(cases.length, 'case')}` : count(run, 'case')
  return `${name}: group ${group}, ${some}, ${origin}\n  ${columns('op', 'cases', 'passed', 'worst')}  of its bound, in`
}

/** One line per op: cases, passed, the worst error / its bound, and its place. */
export function rows(outcomes: readonly Outcome[]): string[] {
  const ops = [...new Set(outcomes.map(({ op }) => op))]
  return ops.map(op => {
    const all = outcomes.filter(one => one.op === op)
    const run = all.filter(({ lacks }) => lacks.length === 0)
    const passed = all.filter(passes)
    const worst = run.length > 0 ? worstOf(run) : null
    const text = columns(
      op,
      `${all.length}`,
      `${passed.length}`,
      worst ? times(worst.ratio) : 'not run',
    )
    const where = worst && worst.ratio > 0 ? `  ${worst.name}, ${firstLine(worst)}` : ''
    return `${passed.length < all.length ? '✗' : ' '} ${text}${where}`
  })
}

/** The line of a case. */
export function caseLine(one: Outcome): string {
  const { name, op, ratio, worst, lacks } = one
  const said = lacks.length > 0 ? `needs ${lacks.join(', ')}` : worst
  return `  ${passes(one) ? '✓' : '✗'} ${name}  ${op}  ${lacks.length > 0 ? 'not run' : times(ratio)}  ${said}`
}

/** The failures, and how to repeat each; cases that lack the same op share a line. */
export function failures(outcomes: readonly Outcome[], folder: string): string[] {
  const failed = outcomes.filter(one => !passes(one))
  const wanted = [...new Set(failed.map(({ lacks }) => lacks.join(', ')))].filter(Boolean)
  return [
    ...failed
      .filter(({ lacks }) => lacks.length === 0)
      .map(
        ({ name, ratio, worst }) =>
          `✗ ${name}: ${worst}${Number.isFinite(ratio) ? `: ${times(ratio)} times its bound` : ''}\n  again: npm run parity -- ${folder} --case ${/\s/.test(name) ? `'${name}'` : name}`,
      ),
    ...wanted.map(lacks => {
      const names = failed.filter(one => one.lacks.join(', ') === lacks).map(({ name }) => name)
      return `✗ unknown here: ${lacks}, which ${names.length === 1 ? '1 case needs' : `${names.length} cases need`}: ${names.join(', ')}`
    }),
  ]
}

/** The summary. */
export function summary(
  outcomes: readonly Outcome[],
  broken: readonly string[],
  seconds: number,
): string {
  const passed = outcomes.filter(passes)
  const lacking = outcomes.filter(({ lacks }) => lacks.length > 0).length
  const failed = outcomes.length - passed.length - lacking
  const worst = passed.length > 0 ? worstOf(passed) : null
  return [
    [
      `${count(outcomes.length, 'case')} in ${seconds.toFixed(0)} s: ${passed.length} passed`,
      ...(worst ? [` (the worst at ${times(worst.ratio)} of its bound: ${worst.name})`] : []),
      ...(failed > 0 ? [`, ${failed} FAILED`] : []),
      ...(lacking > 0 ? [`, ${lacking} NOT RUN`] : []),
      ...(broken.length > 0 ? [`; NOT READ: ${broken.join(', ')}`] : []),
    ].join(''),
  ].join('\n')
}

function columns(op: string, cases: string, passed: string, worst: string): string {
  return `${op.padEnd(18)} ${cases.padStart(6)} ${passed.padStart(7)} ${worst.padStart(9)}`
}

function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((a, b) => (b.ratio > a.ratio ? b : a))
}

function firstLine({ worst }: Outcome): string {
  return worst.split('\n')[0]
}

/** 0 means equal; other ratios have two digits. */
function times(ratio: number): string {
  if (ratio === 0) return '0'
  return ratio < 0.001 ? '<0.001' : `${Number(ratio.toPrecision(2))}`
}

function count(n: number, one: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`
}
