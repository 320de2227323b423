/**
 * Threefry-2x32-20, the random function of random.wgsl, in plain integers: the same words for the
 * same key and counter. Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */
export function threefry(
  [key0, key1]: readonly [number, number],
  [counter0, counter1]: readonly [number, number],
): [number, number] {
  const keys = [key0, key1, 0x1bd11bda ^ key0 ^ key1]
  let x0 = (counter0 + key0) | 0
  let x1 = (counter1 + key1) | 0
  for (let group = 0; group < 5; group++) {
    for (const by of rotations[group % 2]) {
      x0 = (x0 + x1) | 0
      x1 = ((x1 << by) | (x1 >>> (32 - by))) ^ x0
    }
    x0 = (x0 + keys[(group + 1) % 3]) | 0
    x1 = (x1 + keys[(group + 2) % 3] + group + 1) | 0
  }
  return [x0 >>> 0, x1 >>> 0]
}

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
]

/** 24 bits of a word as a number in [0, 1): exact in f32, so equal on every machine. */
export function unit(word: number): number {
  return (word >>> 8) / 2 ** 24
}
