/** The result of a check: the worst error, as a multiple of the allowed one, and its place. */
export interface Finding {
  /** error / allowed: the property holds up to 1. */
  readonly ratio: number
  readonly error: number
  readonly allowed: number
  /** What was compared: `element 3`. */
  readonly what: string
  readonly want: unknown
  readonly got: unknown
}

export const nothing: Finding = {
  ratio: 0,
  error: 0,
  allowed: 0,
  what: 'equal',
  want: '',
  got: '',
}

/** NaN equals only NaN. */
export function compare(what: string, want: number, got: number, allowed: number): Finding {
  const error = Object.is(want, got) || want === got ? 0 : Math.abs(got - want)
  const ratio = error === 0 ? 0 : error / allowed
  return { ratio: Number.isNaN(ratio) ? Infinity : ratio, error, allowed, what, want, got }
}

/** For values that must be equal. */
export function same<T>(what: string, want: T, got: T): Finding {
  const error = want === got ? 0 : Infinity
  return { ratio: error, error, allowed: 0, what, want, got }
}

/** The worse of two; the first if they are equal. */
export function worse(a: Finding, b: Finding): Finding {
  return b.ratio > a.ratio ? b : a
}

/** `element 3: expected 1, got 2 (allowed 2e-6)` */
export function inWords({ what, want, got, allowed }: Finding): string {
  return `${what}: expected ${want}, got ${got} (allowed ${allowed})`
}
