/** A measured row, as it is printed, kept and compared. */
import type { About } from './about.js'
import type { Measured } from './measure.js'

/** The best rates of this adapter, measured in the same run. */
export interface Roofs {
  readonly gflops: number
  readonly gbs: number
}

export interface Result extends About, Omit<Measured, 'images'> {
  /** 10⁹ floating-point operations per second: of the median, and of the best round. */
  readonly gflops?: number
  readonly gflopsBest?: number
  /** 10⁹ bytes per second. */
  readonly gbs?: number
  readonly gbsBest?: number
  /** The best rate / the peak for it: of multiply-adds if the row has any, else of memory. */
  readonly peakShare?: number
  readonly imagesPerSecond?: number
  readonly imagesPerSecondBest?: number
}

export function result(measured: Measured, about: About, roofs: Roofs | null): Result {
  const { images, ...row } = measured
  const { flops, bytes, ms, msMin } = row
  const rate = (amount: number | undefined, time: number, unit = 1e6) =>
    amount === undefined ? undefined : amount / time / unit
  const [gflopsBest, gbsBest] = [rate(flops, msMin), rate(bytes, msMin)]
  const share = roofs && (flops === undefined ? gbsBest! / roofs.gbs : gflopsBest! / roofs.gflops)
  return {
    ...about,
    ...row,
    gflops: rate(flops, ms),
    gflopsBest,
    gbs: rate(bytes, ms),
    gbsBest,
    peakShare: share ?? undefined,
    imagesPerSecond: rate(images, ms, 1e-3),
    imagesPerSecondBest: rate(images, msMin, 1e-3),
  }
}

/** One line of a table. */
export function line(r: Result): string {
  const parts = [
    r.name.padEnd(46),
    `${milliseconds(r.ms)} ms`,
    `best ${milliseconds(r.msMin)}`,
    `±${(50 * r.spread).toFixed(0).padStart(2)}%`,
    speed(r),
    r.peakShare === undefined ? '' : `${(100 * r.peakShare).toFixed(0).padStart(3)}% of peak`,
    `${r.dispatches} dispatch${r.dispatches === 1 ? '' : 'es'}`,
  ]
  if (r.coldFirstStepMs !== undefined) {
    parts.push(`${r.submits} submit${r.submits === 1 ? '' : 's'}`)
    parts.push(`moves ${(r.bytes! / 1e6).toFixed(0)} MB, holds ${(r.peakBytes! / 1e6).toFixed(0)}`)
    const cached = r.cachedFirstStepMs
    const again = cached === undefined ? '' : `, ${seconds(cached)} with a shader cache`
    parts.push(`first step ${seconds(r.coldFirstStepMs)}${again}`)
  }
  return parts.join('  ').trimEnd()
}

/** The rate of a row, in the unit that fits it. */
export function speed({ imagesPerSecondBest, gflopsBest, gbsBest }: Result): string {
  if (imagesPerSecondBest !== undefined)
    return `${imagesPerSecondBest.toFixed(0).padStart(8)} images/s`
  if (gflopsBest !== undefined) return `${gflopsBest.toFixed(2).padStart(9)} GFLOP/s`
  return gbsBest === undefined ? '' : `${gbsBest.toFixed(2).padStart(12)} GB/s`
}

export function milliseconds(ms: number): string {
  return ms.toFixed(ms < 100 ? 3 : 1).padStart(9)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
