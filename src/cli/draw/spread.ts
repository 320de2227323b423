/** Names that would lie over each other. */

/** Moves places away from each other, of any dimension, until they are `least` apart. */
export function spread(places: readonly number[][], least: number): number[][] {
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
