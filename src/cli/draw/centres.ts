/** Where the names of classes stand among their points. */

export interface Centre {
  readonly label: number
  readonly place: readonly number[]
}

/**
 * For each class the point around which its points are densest, moved until the centres are
 * `least` apart. Points are of `size` numbers.
 */
export function centresOf(
  points: Float32Array,
  labels: Uint8Array,
  { size, least }: { size: number; least: number },
): Centre[] {
  const classes = [...new Set(labels)].sort((a, b) => a - b)
  const places = classes.map(label => {
    const own = [...labels.keys()].filter(i => labels[i] === label)
    return densest(own.map(i => [...points.subarray(i * size, (i + 1) * size)]))
  })
  return spread(places, least).map((place, c) => ({ label: classes[c], place }))
}

/** The point that has a quarter of all points nearest around it. */
function densest(points: readonly number[][]): number[] {
  const reach = points.map(a => {
    const distances = Float64Array.from(points, b => Math.hypot(...a.map((v, k) => v - b[k])))
    return distances.sort()[points.length >> 2]
  })
  return points[reach.indexOf(Math.min(...reach))]
}

/** Moves places away from each other, of any dimension, until they are `least` apart. */
function spread(places: readonly number[][], least: number): number[][] {
  const moved = places.map(place => [...place])
  for (let round = 0; round < 50; round++)
    for (const [i, a] of moved.entries())
      for (const b of moved.slice(0, i)) {
        const between = a.map((v, k) => v - b[k])
        const apart = Math.hypot(...between)
        if (apart >= least) continue
        const push = (least - apart) / 2
        const towards = apart > 0 ? between.map(v => v / apart) : between.map((_, k) => +(k === 0))
        for (const [k, u] of towards.entries()) {
          a[k] += push * u
          b[k] -= push * u
        }
      }
  return moved
}
