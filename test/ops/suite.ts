/** Every op and layer on its own and on random cases, as `npm run gradcheck` runs them. */
import { openScope } from '../../src/tensor/scope.js'
import { type Finding, nothing, worse } from './finding.js'
import { between, oneOf } from './generate.js'
import { generator, type LayoutName, layouts, type Random } from './inputs.js'
import { type LayerName, type LayerRow, layerTrial } from './layer.js'
import { layers } from './layers.js'
import { type PropertyName, properties } from './properties.js'
import type { Case, Row } from './row.js'
import { table } from './table.js'
import { describe, type Trial, trialOf } from './trial.js'

/** An op or a layer under test. */
export interface Subject {
  readonly name: string
  readonly kind: 'op' | 'layer'
  readonly row: Pick<Row, 'cases' | 'generate' | 'gradient' | 'second' | 'linear'>
  readonly trial: (c: Case) => Trial
}

export interface Result {
  readonly subject: Subject
  readonly cases: number
  readonly checks: number
  /** The worst finding per property. */
  readonly worst: Readonly<Partial<Record<PropertyName, Finding>>>
  /** The worst of all. */
  readonly most: Measured
  readonly failures: readonly Measured[]
}

/** A finding, and its case. */
export interface Measured {
  readonly finding: Finding
  /** The number of the case, for `--case`. */
  readonly nth: number
  /** Op, shapes, options and layouts. */
  readonly on: string
}

export const subjects: readonly Subject[] = [
  ...Object.entries<Row>(table as Record<string, Row>).map(([name, row]) => opSubject(name, row)),
  ...Object.entries(layers).map(([name, row]) => layerSubject(name as LayerName, row)),
]

export function opSubject(name: string, row: Row): Subject {
  return { name, kind: 'op', row, trial: c => trialOf(name, row, c) }
}

function layerSubject(name: LayerName, row: LayerRow): Subject {
  return { name, kind: 'layer', row, trial: c => layerTrial(name, row, c) }
}

export interface SuiteOptions {
  seed: number
  /** How many random cases are added to the row's own. */
  generated: number
  /** Only this case. */
  nth?: number
  stopped?: () => unknown
}

/** Checks all properties of the subject on all its cases, also after a failure. */
export async function examine(
  subject: Subject,
  { seed, generated, nth, stopped = () => false }: SuiteOptions,
): Promise<Result> {
  const names = propertiesOf(subject)
  const worst: Partial<Record<PropertyName, Finding>> = {}
  const failures: Measured[] = []
  let most: Measured = { finding: nothing, nth: 0, on: '' }
  let cases = 0
  for (const i of nth === undefined ? Array(subject.row.cases.length + generated).keys() : [nth]) {
    if (stopped()) break
    cases++
    for (const name of names) {
      const measured = await measure(subject, name, i, seed)
      const { finding } = measured
      worst[name] = worse(worst[name] ?? nothing, finding)
      if (worse(most.finding, finding) === finding) most = measured
      if (finding.ratio > 1) failures.push(measured)
    }
  }
  return { subject, cases, checks: cases * names.length, worst, most, failures }
}

async function measure(
  subject: Subject,
  name: PropertyName,
  nth: number,
  seed: number,
): Promise<Measured> {
  const scope = openScope()
  let on = `${subject.name}, case ${nth}`
  try {
    const trial = trialAt(subject, nth, seed)
    on = describe(trial)
    return { finding: await properties[name](trial), nth, on }
  } catch (error) {
    const what = `${name}: ${(error as Error).message}`
    return { finding: { ...nothing, ratio: Infinity, error: Infinity, what }, nth, on }
  } finally {
    scope.close()
  }
}

export function propertiesOf({ row }: Subject): PropertyName[] {
  if (row.gradient === 'none') return ['forward']
  return [
    'forward',
    'gradient',
    ...(row.linear ? (['adjoint'] as const) : []),
    ...(row.second === 'none' ? [] : (['second', 'shortcut'] as const)),
  ]
}

/**
 * First come the row's own cases, contiguous. Then come random ones, in which each input has a
 * layout of its own; without `generate` these repeat the row's cases. The same subject, number and
 * seed give the same trial, whatever else runs.
 */
function trialAt({ name, row, trial }: Subject, nth: number, seed: number): Trial {
  const random = generator(hash(`${name} ${nth} ${seed}`))
  const own = row.cases[nth]
  const made = trial(own ?? row.generate?.(random) ?? oneOf(random, row.cases))
  const layout = own ? 'contiguous' : [...made.case.inputs, null].map(() => layoutAtRandom(random))
  return { ...made, layout, seed: between(random, 1, 2 ** 31) }
}

function layoutAtRandom(random: Random): LayoutName {
  return oneOf(random, Object.keys(layouts) as LayoutName[])
}

/** FNV-1a, by Fowler, Noll and Vo. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193)
  return h >>> 0
}
