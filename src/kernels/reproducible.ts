/** Whether all adapters are to compute the same bits. */
import { check } from './check.js'

export interface InitOptions {
  /**
   * true: a GPU rounds every product before it adds it to something, and sums in the parts that
   * adapters on the CPU use. Trainings then have the same bits on all adapters whose quotients and
   * roots are rounded correctly; see docs/determinism.md for the price. Adapters on the CPU have
   * these bits anyway.
   */
  reproducible?: boolean
}

let isExact = false

/** Takes the options of `init`, before the device is opened. @throws Error as `init` does */
export function chooseBits(options: InitOptions, isOpen: boolean): void {
  const [unknown] = Object.keys(options).filter(name => name !== 'reproducible')
  check(unknown === undefined, () => `init: there is no option ${unknown}; there is reproducible`)
  const { reproducible = isOpen && isExact } = options
  check(typeof reproducible === 'boolean', () => 'init: reproducible must be true or false')
  check(
    !isOpen || reproducible === isExact,
    () => `init: the GPU is open with reproducible: ${isExact}; call shutdown() first`,
  )
  isExact = reproducible
}

export function isReproducible(): boolean {
  return isExact
}
