/**
 * Which of the kernels that compute the same thing is used on this device.
 *
 * Adapters that compute on the CPU want subgroups, whose lanes share what one of them has loaded: that was measured.
 * GPUs want tiles in workgroup memory, as the literature has it: nothing was measured on one yet. What
 * `npm run bench -- --tune` has found on a machine goes before the table, and what was asked for by `useVariants` before
 * both. A case that a kernel cannot compute (odd sizes, no subgroups) goes to one of its family that can compute all.
 */
import { check } from './check.js'
import { adapterInfo, isSoftware, onShutdown } from './device.js'

/** The families, each from the plainest to the most demanding kernel. */
export const families = {
  matmul: ['matmul', 'matmul_tiled', 'matmul_register', 'matmul_subgroup'],
  linear: ['linear_register', 'linear_tiled', 'linear_subgroup'],
  conv: ['conv', 'conv_subgroup'],
} as const

export type Family = keyof typeof families
export type Variant<F extends Family> = (typeof families)[F][number]
export type Variants = { readonly [F in Family]: Variant<F> }

const table: Record<'cpu' | 'gpu', Variants> = {
  cpu: { matmul: 'matmul_subgroup', linear: 'linear_subgroup', conv: 'conv_subgroup' },
  gpu: { matmul: 'matmul_tiled', linear: 'linear_tiled', conv: 'conv' },
}

/** Where what was measured on a machine is kept, by adapter. */
export interface TuningStore {
  load(adapter: string): unknown
  save(adapter: string, variants: Variants | null): void
}

let asked: Partial<Variants> = {}
let tuned: Partial<Variants> | null = null
let store: TuningStore = storageOfBrowser()

/** Replaces the place where measurements are kept. */
export function keepTuningIn(other: TuningStore): void {
  store = other
}

/** The kernel of a family to use where it can. */
export function variantOf<F extends Family>(family: F): Variant<F> {
  tuned ??= known(store.load(adapterName()))
  const chosen = asked[family] ?? tuned[family] ?? table[isSoftware() ? 'cpu' : 'gpu'][family]
  return chosen as Variant<F>
}

/** The kernels in use, and who says so. */
export function variants(): {
  [F in Family]: { variant: Variant<F>; from: 'asked' | 'tuned' | 'table' }
} {
  const entries = (Object.keys(families) as Family[]).map(family => {
    const variant = variantOf(family)
    return [
      family,
      { variant, from: asked[family] ? 'asked' : tuned?.[family] ? 'tuned' : 'table' },
    ]
  })
  return Object.fromEntries(entries) as ReturnType<typeof variants>
}

/**
 * Has kernels of one's own choice used from now on, where they can; those of families that are not named come from
 * the table again.
 * @throws Error when there is no such family or kernel
 */
export function useVariants(choice: Partial<Variants>): void {
  for (const [family, variant] of Object.entries(choice)) {
    const all: readonly string[] | undefined = families[family as Family]
    check(
      all?.includes(variant),
      () =>
        `variants: ${family}=${variant}; there are ${Object.entries(families)
          .map(([name, kernels]) => `${name}=${kernels.join('|')}`)
          .join(', ')}`,
    )
  }
  asked = { ...choice }
}

/** Keeps what was measured for this adapter, or with null forgets it. It holds from now on. */
export function saveTuning(choice: Variants | null): void {
  store.save(adapterName(), choice)
  tuned = choice ?? {}
}

/** What a store has given, as far as it makes sense. */
function known(saved: unknown): Partial<Variants> {
  const entries = Object.entries(saved ?? {}).filter(([family, variant]) =>
    (families[family as Family] as readonly unknown[] | undefined)?.includes(variant),
  )
  return Object.fromEntries(entries)
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
