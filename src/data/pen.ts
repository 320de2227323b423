/** A pen on paper: smooth curves through points, drawn on a square of grey pixels. */
export type Point = readonly [x: number, y: number]

const fade = 0.65 // pixels on either side of a line's edge in which ink fades

/**
 * Points along a Catmull–Rom curve through `points`, in pixels, about 1½ pixels apart. A curve
 * whose last point is its first closes smoothly.
 */
export function curveThrough(points: readonly Point[]): Point[] {
  const n = points.length
  const closed = n > 2 && points[0][0] === points[n - 1][0] && points[0][1] === points[n - 1][1]
  const at = (i: number) => points[closed ? (i + n - 1) % (n - 1) : Math.min(Math.max(i, 0), n - 1)]
  const curve: Point[] = [points[0]]
  for (let i = 0; i + 1 < n; i++) {
    const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    const steps = Math.ceil((Math.abs(r[0] - q[0]) + Math.abs(r[1] - q[1])) / 1.5)
    for (let step = 1; step <= steps; step++) {
      const t = step / steps
      curve.push([between(p[0], q[0], r[0], s[0], t), between(p[1], q[1], r[1], s[1], t)])
    }
  }
  return curve
}

/** One coordinate of the curve from q (t = 0) to r (t = 1), whose neighbours are p and s. */
function between(p: number, q: number, r: number, s: number, t: number): number {
  return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)))
}

/**
 * Draws a curve on `ink` [side, side], 0 paper to 1 ink. The line's half width changes from `begin`
 * to `end` pixels. Where lines cross, the darker one counts.
 */
export function inkCurve(
  ink: Float64Array,
  side: number,
  curve: readonly Point[],
  [begin, end]: readonly [number, number],
): void {
  for (let k = 1; k < curve.length; k++) {
    const radius = begin + (end - begin) * (k / curve.length)
    inkSegment(ink, side, curve[k - 1], curve[k], radius)
  }
}

/** A pixel gets the less ink, the farther its centre is from the segment from a to b. */
function inkSegment(ink: Float64Array, side: number, a: Point, b: Point, radius: number): void {
  const reach = radius + fade
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const squared = dx * dx + dy * dy
  const left = Math.max(0, Math.floor(Math.min(a[0], b[0]) - reach))
  const right = Math.min(side - 1, Math.floor(Math.max(a[0], b[0]) + reach))
  const top = Math.max(0, Math.floor(Math.min(a[1], b[1]) - reach))
  const bottom = Math.min(side - 1, Math.floor(Math.max(a[1], b[1]) + reach))
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - a[0]
      const y = row + 0.5 - a[1]
      const t = squared > 0 ? Math.min(Math.max((x * dx + y * dy) / squared, 0), 1) : 0
      const ex = x - t * dx
      const ey = y - t * dy
      const apart = ex * ex + ey * ey
      if (apart >= reach * reach) continue
      const cover = (reach - Math.sqrt(apart)) / (2 * fade)
      const at = row * side + column
      if (cover > ink[at]) ink[at] = Math.min(cover, 1)
    }
  }
}
