/** Where the time of a piece of work goes: kernel by kernel. */
import { device } from '../kernels/device.js'
import { columns } from '../nn/columns.js'
import { checkFunction, optionsOf } from '../tensor/arguments.js'
import { type Launched, launchesOf } from './launches.js'

/** What one kernel did. */
export interface KernelProfile {
  readonly kernel: string
  readonly launches: number
  /** Elements of the tensors that it was given, four bytes each: a lower bound of its traffic. */
  readonly bytes: number
  /** By the GPU's clock; null where it has none, and beyond 2,048 launches in all. */
  readonly milliseconds: number | null
}

/** What a piece of work cost. `String(profile)` is a table. */
export class Profile {
  /** The most expensive first. */
  readonly kernels: readonly KernelProfile[]
  /** By the CPU's clock, until the GPU had finished. */
  readonly milliseconds: number

  constructor(kernels: readonly KernelProfile[], milliseconds: number) {
    this.kernels = kernels
    this.milliseconds = milliseconds
  }

  toString(): string {
    const total = this.kernels.reduce((sum, { milliseconds }) => sum + (milliseconds ?? 0), 0)
    const rows = this.kernels.map(({ kernel, launches, bytes, milliseconds }) => [
      kernel,
      String(launches),
      (bytes / 1e6).toFixed(3),
      milliseconds === null ? '–' : milliseconds.toFixed(3),
      milliseconds === null ? '–' : `${((100 * milliseconds) / total).toFixed(0)} %`,
      milliseconds ? (bytes / 1e6 / milliseconds).toFixed(2) : '–', // too short for the clock
    ])
    const head = ['kernel', 'launches', 'MB', 'ms', 'share', 'GB/s']
    const table = columns([head, ...rows], { right: [1, 2, 3, 4, 5] })
    const launches = this.kernels.reduce((sum, kernel) => sum + kernel.launches, 0)
    const end = `${launches} launches, ${this.milliseconds.toFixed(2)} ms in all`
    return [...table, end].join('\n')
  }

  /** The text that console.log prints in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * Runs `work` and says what each kernel in it cost. Every launch is a pass of its own, so the whole
 * takes longer than without; the shares are those of the kernels.
 *
 *     console.log(await profile(() => { loss = …; loss.backward(); optimizer.step() }))
 *
 * Run the same work once before: kernels are compiled when they are first used. A compiled step is
 * replayed in one pass and shows nothing here: profile it with `compile(f, { enabled: false })`.
 * @throws Error what `work` throws
 */
export async function profile(
  work: () => unknown,
  options: { timed?: boolean } = {},
): Promise<Profile> {
  checkFunction('profile', work)
  const { timed = device().features.has('timestamp-query') } = optionsOf('profile', options, [
    'timed',
  ])
  const { launches, milliseconds } = await launchesOf(work, timed)
  return new Profile(summed(launches), milliseconds)
}

function summed(launches: readonly Launched[]): KernelProfile[] {
  const byKernel = new Map<string, KernelProfile>()
  for (const { kernel, bytes, milliseconds } of launches) {
    const before = byKernel.get(kernel)
    byKernel.set(kernel, {
      kernel,
      launches: (before?.launches ?? 0) + 1,
      bytes: (before?.bytes ?? 0) + bytes,
      milliseconds: milliseconds === null ? null : (before?.milliseconds ?? 0) + milliseconds,
    })
  }
  const cost = ({ milliseconds, bytes }: KernelProfile) => milliseconds ?? bytes
  return [...byKernel.values()].sort((a, b) => cost(b) - cost(a))
}
