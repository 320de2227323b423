/** What a card allows per launch of a training step: a bound on paper, not a measurement. */
import { columns } from '../../src/nn/columns.js'
import { type Card, launchCost } from './cards.js'

/** A launch of a step. */
export interface Launched {
  readonly label: string
  /** Multiply-adds of its product, 0 if it is none. */
  readonly fma: number
  /** Bytes of its tensors. */
  readonly bytes: number
  readonly workgroups: number
}

/** The least time for a launch, in microseconds, by what limits it. */
export interface Bound {
  readonly kernel: string
  readonly launched: Launched
  /** Multiply-adds at the card's peak. */
  readonly peak: number
  /** The same with the instructions that the compiler made, on the places that have a workgroup. */
  readonly compute: number
  readonly memory: number
  readonly launch: number
  readonly binds: 'compute' | 'memory' | 'launch'
}

/** @param fmaPerValu multiply-adds per vector instruction of its hot loop; null: unknown */
export function boundOf(
  launched: Launched,
  { tflops, gbs, ...card }: Card,
  fmaPerValu: number | null,
): Bound {
  const peak = (2 * launched.fma) / (1e6 * tflops)
  const share = Math.min(1, launched.workgroups / card.places)
  const compute = (peak * card.fmaPerValu) / (fmaPerValu ?? card.fmaPerValu) / share
  const times = { compute, memory: launched.bytes / (1e3 * gbs), launch: launchCost }
  const [[binds]] = Object.entries(times).sort(([, a], [, b]) => b - a)
  const kernel = launched.label.split(',')[0].replace(/\.main$/, '')
  return { kernel, launched, peak, ...times, binds: binds as Bound['binds'] }
}

export function table(bounds: readonly Bound[]): string[] {
  const head = [
    'kernel',
    'Mfma',
    'MB',
    'workgroups',
    'peak',
    'compute',
    'memory',
    'launch',
    'binds',
  ]
  const rows = bounds.map(({ kernel, launched, binds, ...times }) => [
    kernel,
    launched.fma === 0 ? '–' : (launched.fma / 1e6).toFixed(2),
    (launched.bytes / 1e6).toFixed(3),
    String(launched.workgroups),
    ...[times.peak, times.compute, times.memory, times.launch].map(us => us.toFixed(2)),
    binds,
  ])
  return columns([head, ...rows], { right: [1, 2, 3, 4, 5, 6, 7] })
}

/** The sums, and which limit binds how many launches. */
export function summary(bounds: readonly Bound[]): string[] {
  const sum = (of: (bound: Bound) => number) => bounds.reduce((all, bound) => all + of(bound), 0)
  const greatest = ({ compute, memory, launch }: Bound) => Math.max(compute, memory, launch)
  const parts = (['compute', 'memory', 'launch'] as const).map(limit => {
    const bound = bounds.filter(({ binds }) => binds === limit)
    const us = bound.reduce((all, one) => all + greatest(one), 0)
    return `${limit} binds ${bound.length} launches, ${us.toFixed(0)} µs`
  })
  const ideal = sum(({ peak, memory, launch }) => Math.max(peak, memory, launch))
  return [
    `${bounds.length} launches: at least ${sum(greatest).toFixed(0)} µs; ${parts.join('; ')}.`,
    `With perfect kernels ${ideal.toFixed(0)} µs; without the cost of launches ` +
      `${sum(({ compute, memory }) => Math.max(compute, memory)).toFixed(0)} µs.`,
  ]
}
