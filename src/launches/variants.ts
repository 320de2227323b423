/** The families of kernels that compute the same thing, and the choice among them by name. */
import { check } from '../kernels/check.js'
import { convRungs } from './rungs/conv.js'
import { linearRungs } from './rungs/linear.js'
import { matmulRungs } from './rungs/matmul.js'
import { ask, named, type Rung, rungAndReason } from './rungs/rung.js'

/** The families, each from the plainest kernel on. */
export const families = { matmul: matmulRungs, linear: linearRungs, conv: convRungs } as const

export type Family = keyof typeof families
export type Variant<F extends Family> = (typeof families)[F][number]['name']
export type Variants = { readonly [F in Family]: Variant<F> }

/** The kernels in use, and who says so. */
export function variants(): {
  [F in Family]: { variant: Variant<F>; from: 'asked' | 'tuned' | 'table' }
} {
  const entries = (Object.keys(families) as Family[]).map(family => {
    const { rung, from } = rungAndReason<Rung>(family, families[family])
    return [family, { variant: rung.name, from }]
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
    const rungs: readonly Rung[] = families[family as Family] ?? []
    const rung = named(family, rungs, name)
    check(rung, () => `variants: ${family}=${name}; there are ${all()}`)
    return [family, rung.name]
  })
  ask(Object.fromEntries(entries))
}

/** `matmul=plain|textbook|…, linear=…` */
function all(): string {
  return Object.entries(families)
    .map(([family, rungs]) => `${family}=${rungs.map(({ name }) => name).join('|')}`)
    .join(', ')
}
