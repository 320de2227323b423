/**
 * Which of the kernels that compute the same thing is used on this device.
 *
 * On adapters that compute on the CPU, kernels with subgroups are fastest, since lanes share what
 * one of them has loaded: that was measured. On GPUs it is tiles in workgroup memory, says the
 * literature: none was measured yet. What `npm run bench -- --tune` found on a machine comes before
 * these defaults, and what `useVariants` asks for before both. A case that a kernel cannot compute
 * (odd sizes, no subgroups) goes to one of its family that can compute all.
 */
import { check } from '../kernels/check.js'
import { adapterInfo, isSoftware, onShutdown } from '../kernels/device.js'
import { holdsWhile } from '../kernels/recording.js'
import { type ConvRung, convRungs } from './rungs/conv.js'
import { type LinearRung, linearRungs } from './rungs/linear.js'
import { type MatmulRung, matmulRungs } from './rungs/matmul.js'

/** The families, each from the plainest kernel on. */
export const families = { matmul: matmulRungs, linear: linearRungs, conv: convRungs } as const

export type Family = keyof typeof families
export type Variant<F extends Family> = (typeof families)[F][number]['name']
export type Variants = { readonly [F in Family]: Variant<F> }

type RungOf<F extends Family> = { matmul: MatmulRung; linear: LinearRung; conv: ConvRung }[F] & {
  readonly name: Variant<F>
}

/** Where what was measured on a machine is kept, by adapter. */
export interface TuningStore {
  load(adapter: string): unknown
  save(adapter: string, variants: Variants | null): void
}

let asked: Partial<Variants> = {}
let tuned: Partial<Variants> | null = null
let choices = 0 // a step is recorded anew after another choice
let store: TuningStore = storageOfBrowser()

/** Replaces the store in which measurements are kept. */
export function keepTuningIn(other: TuningStore): void {
  store = other
}

/** The kernel of a family to use where it can. */
export function variantOf<F extends Family>(family: F): Variant<F> {
  tuned ??= known(store.load(adapterName()))
  holdsWhile(() => choices)
  return (asked[family] ?? tuned[family] ?? fastest(family)) as Variant<F>
}

/** Its row. */
export function rungOf<F extends Family>(family: F): RungOf<F> {
  const name = variantOf(family)
  return families[family].find(rung => rung.name === name) as unknown as RungOf<F>
}

function fastest(family: Family): string {
  const here = isSoftware() ? 'cpu' : 'gpu'
  const rungs: readonly { name: string; fastestOn?: string }[] = families[family]
  return rungs.find(({ fastestOn }) => fastestOn === here)!.name
}

/** The kernels in use, and who says so. */
export function variants(): {
  [F in Family]: { variant: Variant<F>; from: 'asked' | 'tuned' | 'table' }
} {
  const entries = (Object.keys(families) as Family[]).map(family => {
    const variant = variantOf(family)
    const from = asked[family] ? 'asked' : tuned?.[family] ? 'tuned' : 'table'
    return [family, { variant, from }]
  })
  return Object.fromEntries(entries)
}

/**
 * Uses kernels of your own choice from now on, where they can compute a case. Families that are not
 * named use the defaults again.
 * @throws Error when there is no such family or kernel
 */
export function useVariants(choice: Partial<Variants>): void {
  const entries = Object.entries(choice).map(([family, name]) => {
    const variant = named(family, name)
    check(variant, () => `variants: ${family}=${name}; there are ${all()}`)
    return [family, variant]
  })
  asked = Object.fromEntries(entries)
  choices++
}

/** `matmul=plain|textbook|…, linear=…` */
function all(): string {
  return Object.entries(families)
    .map(([family, rungs]) => `${family}=${rungs.map(({ name }) => name).join('|')}`)
    .join(', ')
}

/** A variant by its name, by its kernel's (matmul/register), or by a former name. */
function named(family: string, name: unknown): string | undefined {
  const rungs: readonly { name: string }[] = families[family as Family] ?? []
  const former = { matmul: 'plain', conv: 'register' }[name === family ? family : ''] ?? name
  const wanted = String(former).replace(/^(matmul|linear|conv)[/_]/, '')
  return rungs.find(rung => rung.name === wanted)?.name
}

/** Keeps what was measured for this adapter, or with null forgets it. It holds from now on. */
export function saveTuning(choice: Variants | null): void {
  store.save(adapterName(), choice)
  tuned = choice ?? {}
  choices++
}

/** What a store holds, as far as there are such kernels. */
function known(saved: unknown): Partial<Variants> {
  const entries = Object.entries(saved ?? {}).map(([family, name]) => [family, named(family, name)])
  return Object.fromEntries(entries.filter(([, variant]) => variant))
}

function adapterName(): string {
  const { vendor, architecture, device, description } = adapterInfo()
  return [vendor, architecture, device, description].filter(Boolean).join(' ')
}

/** A browser's storage, where there is one. */
function storageOfBrowser(): TuningStore {
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
