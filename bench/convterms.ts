/** Convolution in float64, term by term: y, x or w from the other two. */

/** Square images and kernels.   x [batch, c, side, side]   y [batch, o, to, to]   w [o, c, k, k] */
export interface Sizes {
  readonly batch: number
  readonly c: number
  readonly o: number
  readonly side: number
  readonly to: number
  readonly k: number
  readonly stride: number
  readonly padding: number
}

export type Arrays = Record<'x' | 'y' | 'w', ArrayLike<number>>

/** Pairs of a pixel of y and a tap, along one axis, that read a pixel of x and not the padding. */
export function taps({ side, to, k, stride, padding }: Sizes): number {
  let met = 0
  for (let oy = 0; oy < to; oy++)
    for (let ky = 0; ky < k; ky++) met += inside(oy * stride - padding + ky, side)
  return met
}

/**
 * The terms of element `at` of one of the three, from the other two:
 *
 *   y[n,o,oy,ox] = Σ_{c,ky,kx} w x
 *   x[n,c,iy,ix] = Σ_{o,ky,kx} w y
 *   w[o,c,ky,kx] = Σ_{n,oy,ox} x y
 *
 * over all indices with  iy = oy·stride − padding + ky,  and the same along x.
 */
export function* termsOf(
  what: keyof Arrays,
  at: number,
  { x, y, w }: Arrays,
  { batch, c, o, side, to, k, stride, padding }: Sizes,
): Iterable<number> {
  const shape = { x: [batch, c, side, side], y: [batch, o, to, to], w: [o, c, k, k] }[what]
  const [i0, i1, i2, i3] = indices(at, shape)
  const fixed = {
    x: { n: i0, c: i1, iy: i2, ix: i3 },
    y: { n: i0, o: i1, oy: i2, ox: i3 },
    w: { o: i0, c: i1, ky: i2, kx: i3 },
  }[what] as Partial<Record<'n' | 'c' | 'o' | 'iy' | 'ix' | 'oy' | 'ox' | 'ky' | 'kx', number>>
  const range = (value: number | undefined, count: number) =>
    value === undefined ? Array.from({ length: count }, (_, i) => i) : [value]
  // pairs along one axis: a pixel of y, a tap, and the pixel of x where they meet
  const meetings = (i: number | undefined, from: number | undefined, tap: number | undefined) =>
    range(from, to).flatMap(oy =>
      range(tap, k)
        .map(ky => ({ oy, ky, iy: oy * stride - padding + ky }))
        .filter(({ iy }) => inside(iy, side) === 1 && (i === undefined || i === iy)),
    )
  const rows = meetings(fixed.iy, fixed.oy, fixed.ky)
  const columns = meetings(fixed.ix, fixed.ox, fixed.kx)
  for (const n of what === 'w' ? range(undefined, batch) : [fixed.n!]) {
    for (const oc of range(fixed.o, o)) {
      for (const ic of range(fixed.c, c)) {
        for (const { oy, ky, iy } of rows) {
          for (const { oy: ox, ky: kx, iy: ix } of columns) {
            const X = () => x[((n * c + ic) * side + iy) * side + ix]
            const Y = () => y[((n * o + oc) * to + oy) * to + ox]
            const W = () => w[((oc * c + ic) * k + ky) * k + kx]
            yield what === 'x' ? W() * Y() : what === 'y' ? W() * X() : X() * Y()
          }
        }
      }
    }
  }
}

function inside(i: number, size: number): number {
  return i >= 0 && i < size ? 1 : 0
}

function indices(at: number, [, b, c, d]: number[]): [number, number, number, number] {
  return [
    Math.floor(at / (b * c * d)),
    Math.floor(at / (c * d)) % b,
    Math.floor(at / d) % c,
    at % d,
  ]
}
