/** Triangles of matrices. */
import { between, shapeOf } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { moved, on, type Rows } from '../row.js'

const part =
  (keeps: (i: number, j: number) => boolean) =>
  (x: Grid): Grid =>
    fill(x.shape, index => {
      const [i, j] = index.slice(-2)
      return keeps(i, j) ? at(x, index) : 0
    })

const cases = [
  on([[5, 7]]),
  on([[7, 5]], 2),
  on([[2, 3, 4]], -1),
  on([[1, 1]], 1),
  on([[0, 3]]),
  on([[2, 3, 1, 2, 3, 2]], -9),
  on([[17, 17]]),
]

const generate = (random: Random) =>
  on([shapeOf(random, { rank: between(random, 2, 5) })], between(random, -4, 4))

export const rows: Rows<'tril' | 'triu'> = {
  tril: { f: (x, k = 0) => part((i, j) => j - i <= k)(x), cases, generate, ...moved },
  triu: { f: (x, k = 0) => part((i, j) => j - i >= k)(x), cases, generate, ...moved },
}
