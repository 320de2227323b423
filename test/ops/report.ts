/** The suite's results as a table: one line per op, printed when the op is done. */
import type { Finding } from './finding.js'
import type { PropertyName } from './properties.js'
import type { Measured, Result, Subject } from './suite.js'

const columns: readonly PropertyName[] = ['forward', 'gradient', 'adjoint', 'second', 'shortcut']
const width = 9

/** The lines above the table; `names` is the width of the first column. */
export function head(names: number): string {
  const titles = columns.map(name => name.padStart(width)).join('')
  return [
    `${' '.repeat(names + 9)}worst error as a multiple of its bound`,
    `${'op'.padEnd(names)}  cases${titles}   absolute  where it was worst`,
  ].join('\n')
}

/** An op's line. */
export function line({ subject, cases, worst, most, failures }: Result, names: number): string {
  const ratios = columns.map(name => (worst[name] ? ratio(worst[name]) : '–').padStart(width))
  const { finding, on } = most
  const where = finding.ratio > 0 ? `${failures.length > 0 ? '✗ ' : ''}${finding.what}: ${on}` : ''
  const own = `${cases}${subject.row.generate ? ' ' : '*'}`
  return `${subject.name.padEnd(names)} ${own.padStart(7)}${ratios.join('')} ${absolute(finding).padStart(10)}  ${where}`.trimEnd()
}

/** The summary of the run. */
export function summary(results: readonly Result[], seconds: number): string {
  const [ops, layers] = ['op', 'layer'].map(
    kind => results.filter(({ subject }) => subject.kind === kind).length,
  )
  const sum = (of: (r: Result) => number) => results.reduce((total, r) => total + of(r), 0)
  const failed = results.filter(({ failures }) => failures.length > 0)
  const most = results.reduce((a, b) => (b.most.finding.ratio > a.most.finding.ratio ? b : a))
  const counted = [count(ops, 'op'), count(layers, 'layer')].filter(text => !text.startsWith('0 '))
  const verdict =
    failed.length > 0
      ? `${count(failed.length, 'FAILS', 'FAIL')}: ${failed.map(({ subject }) => subject.name).join(', ')}`
      : `all within their bounds, at worst ${ratio(most.most.finding)} of one (${most.subject.name})`
  return `${counted.join(' and ')}, ${count(
    sum(r => r.cases),
    'case',
  )}, ${count(
    sum(r => r.checks),
    'check',
  )} in ${seconds.toFixed(0)} s: ${verdict}`
}

/** A failure, with the command that repeats only it. */
export function failure({ name }: Subject, { finding, nth, on }: Measured, seed: number): string {
  const { what, want, got, allowed } = finding
  const numbers = allowed || want !== '' ? `: expected ${want}, got ${got}` : ''
  const beyond = Number.isFinite(finding.ratio) ? `, ${ratio(finding)} times its bound` : ''
  return `✗ ${on}: ${what}${numbers}${beyond}\n  again: npm run gradcheck -- --op ${name} --case ${nth} --seed ${seed}`
}

/** 0 means equal; small ratios have two digits. */
function ratio({ ratio }: Finding): string {
  if (ratio === 0) return '0'
  if (ratio < 0.001) return '<0.001'
  return ratio < 1000 ? ratio.toPrecision(2) : ratio.toExponential(1)
}

function absolute({ error }: Finding): string {
  return error === 0 ? '0' : error.toExponential(1)
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}
