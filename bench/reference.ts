/** Checks kernels before they are timed, against sums in float64 for a sample of elements. */

/** Element i as the kernel computed it, and the terms of the sum that it should be. */
export type Element = (i: number) => { got: number; terms: Iterable<number> }

let isSkipped = false

/** From now on `distance` is 0: for a device that computes nothing. */
export function skipReferences(): void {
  isSkipped = true
}

/** The largest |got − Σ terms| / Σ |terms|, over 128 of `count` elements. */
export function distance(count: number, element: Element): number {
  if (isSkipped) return 0
  let worst = 0
  for (let sample = 0; sample < Math.min(128, count); sample++) {
    const i = count <= 128 ? sample : (sample * 7919 * 104729) % count
    const { got, terms } = element(i)
    let [sum, size] = [0, 0]
    for (const term of terms) {
      sum += term
      size += Math.abs(term)
    }
    const off = Math.abs(got - sum)
    worst = Math.max(worst, size === 0 ? off : off / size)
  }
  return worst
}

/** The largest |y[i] − f(i)| over all elements, for functions whose results are about 1. */
export function farthest(y: ArrayLike<number>, f: (i: number) => number): number {
  let worst = 0
  for (let i = 0; i < y.length; i++) {
    const off = Math.abs(y[i] - f(i))
    if (!(off <= worst)) worst = off // NaN stays
  }
  return worst
}

/** f(0), f(1), … f(count − 1). */
export function* series(count: number, f: (i: number) => number): Iterable<number> {
  for (let i = 0; i < count; i++) yield f(i)
}
