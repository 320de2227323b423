/**
 * Which of the kernels that compute the same thing is used on this device.
 *
 * The rungs of a family say on which classes of adapter they are taken to be the fastest;
 * `kernelgrad doctor` says why. What `npm run bench -- --tune` found on a machine comes before, and
 * what `useVariants` asks for before both. A case that a kernel cannot compute (odd sizes, no
 * subgroups) goes to one of its family that can compute all.
 */

import { type AdapterClass, adapterClass } from '../../kernels/adapterclass.js'
import { adapterInfo, onShutdown } from '../../kernels/device.js'
import { holdsWhile } from '../../kernels/recording.js'

/** One of the kernels that compute the same thing: a rung of a family's ladder. */
export interface Rung {
  /** The name of its file in the family's folder of src/kernels/wgsl, or of its folder there. */
  readonly name: string
  /** The classes of adapter on which it is taken to be the fastest; 'gpu': all others of GPUs. */
  readonly fastestOn?: Fastest | readonly Fastest[]
}

type Fastest = AdapterClass | 'gpu'

/** Names of kernels, by family. */
export type Choice = Readonly<Record<string, unknown>>

/** Where what was measured on a machine is kept, by adapter. */
export interface TuningStore {
  load(adapter: string): unknown
  save(adapter: string, variants: Choice | null): void
}

let asked: Choice = {}
let tuned: Choice | null = null
let choices = 0 // a step is recorded anew after another choice
let store: TuningStore = storageOfBrowser()

/** Replaces the store in which measurements are kept. */
export function keepTuningIn(other: TuningStore): void {
  store = other
}

/** The kernel of a family to use where it can. */
export function rungOf<R extends Rung>(family: string, rungs: readonly R[]): R {
  return rungAndReason(family, rungs).rung
}

export function rungAndReason<R extends Rung>(
  family: string,
  rungs: readonly R[],
): { rung: R; from: 'asked' | 'tuned' | 'table' } {
  tuned ??= keptTuning() ?? {}
  holdsWhile(() => choices)
  const wish = named(family, rungs, asked[family])
  if (wish) return { rung: wish, from: 'asked' }
  const measured = named(family, rungs, tuned[family])
  if (measured) return { rung: measured, from: 'tuned' }
  return { rung: fastestFor(rungs, adapterClass()), from: 'table' }
}

/** The kernel that the table of a family has for a class of adapter. */
export function fastestFor<R extends Rung>(rungs: readonly R[], where: AdapterClass): R {
  const of = (where: Fastest) => rungs.find(({ fastestOn }) => [fastestOn].flat().includes(where))
  return of(where) ?? of('gpu')!
}

/** A kernel by its name, by its file's (matmul/register), or by a former name. */
export function named<R extends Rung>(
  family: string,
  rungs: readonly R[],
  name: unknown,
): R | undefined {
  const former = { matmul: 'plain', conv: 'register' }[name === family ? family : ''] ?? name
  const wanted = String(former).replace(/^(matmul|linear|conv)[/_]/, '')
  return rungs.find(rung => rung.name === wanted)
}

/** Uses these kernels from now on, where they can compute a case. */
export function ask(choice: Choice): void {
  asked = choice
  choices++
}

/** What was measured on this adapter and kept. */
export function keptTuning(): Choice | null {
  return store.load(adapterName()) as Choice | null
}

/** Keeps what was measured for this adapter, or with null forgets it. The next start uses it. */
export function keepTuning(choice: Choice | null): void {
  store.save(adapterName(), choice)
}

/** Keeps it, or forgets it, and uses it from now on. */
export function saveTuning(choice: Choice | null): void {
  keepTuning(choice)
  tuned = choice ?? {}
  choices++
}

function adapterName(): string {
  const { vendor, architecture, device, description } = adapterInfo()
  return [vendor, architecture, device, description].filter(Boolean).join(' ')
}

/** A page's localStorage; nothing is kept where there is none, as in a worker. */
export function storageOfBrowser(): TuningStore {
  const key = (adapter: string) => `kernelgrad tuning ${adapter}`
  const storage = () => (globalThis as { localStorage?: Storage }).localStorage
  return {
    load(adapter) {
      try {
        return JSON.parse(storage()?.getItem(key(adapter)) ?? 'null')
      } catch {
        return null // forbidden, or not ours
      }
    },
    save(adapter, variants) {
      if (variants) storage()?.setItem(key(adapter), JSON.stringify(variants))
      else storage()?.removeItem(key(adapter))
    },
  }
}

onShutdown(() => {
  tuned = null
})
