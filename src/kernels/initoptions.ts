/** What `init` may be told: which bits are wanted, and whether products may use matrix units. */
import { check } from './check.js'

export interface InitOptions {
  /**
   * true: a GPU rounds every product before it adds it to something, and sums in the parts that
   * adapters on the CPU use. Trainings then have the same bits on all adapters whose quotients and
   * roots are rounded correctly; see docs/determinism.md for the price. Adapters on the CPU have
   * these bits anyway.
   */
  reproducible?: boolean
  /**
   * true: matrix products, those of linear layers included, use the GPU's matrix units where it has
   * some that sum in f32. Units for f32 lose nothing (Apple's). Others first round both factors to
   * f16: 11 bits, and 65,504 at most. Gradients are computed in f32 by the usual kernels, since
   * small ones would be lost. Without such units nothing changes. It is an experiment of WebGPU, so
   * a browser must have it switched on; see docs/adapters.md.
   */
  matrixUnits?: boolean
}

let usual = { reproducible: false, matrixUnits: false }
let chosen = usual

/** Takes the options of `init`, before the device is opened. @throws Error as `init` does */
export function chooseOptions(options: InitOptions, isOpen: boolean): void {
  const [unknown] = Object.keys(options).filter(name => !Object.hasOwn(usual, name))
  check(
    unknown === undefined,
    () => `init: there is no option ${unknown}; there are reproducible and matrixUnits`,
  )
  const next = { ...(isOpen ? chosen : usual) }
  for (const name of ['reproducible', 'matrixUnits'] as const) {
    const wanted = options[name] ?? next[name]
    check(typeof wanted === 'boolean', () => `init: ${name} must be true or false`)
    check(
      !isOpen || wanted === chosen[name],
      () => `init: the GPU is open with ${name}: ${chosen[name]}; call shutdown() first`,
    )
    next[name] = wanted
  }
  check(
    !next.reproducible || !next.matrixUnits,
    () => 'init: matrixUnits sums in another order than reproducible allows; choose one of them',
  )
  chosen = next
}

/** Uses matrix units from the next `init` on, unless that says otherwise. */
export function preferMatrixUnits(): void {
  usual = { ...usual, matrixUnits: true }
}

export function isReproducible(): boolean {
  return chosen.reproducible
}

/** Whether products may use matrix units, if there are some. */
export function wantsMatrixUnits(): boolean {
  return chosen.matrixUnits
}
