/** Numbers in [−1, 1) that look random and are the same each time. */
export function numbers(n: number, seed: number): Float32Array {
  let state = seed * 2654435761
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}
