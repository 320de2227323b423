/** Dropout without chance: p = 0, p = 1, evaluation. indices.test.ts tests the rest. */
import { fill, zip } from '../reference.js'
import { on, type Rows } from '../row.js'

export const rows: Rows<'dropout'> = {
  dropout: {
    f: (x, p) => (p === 1 ? fill(x.shape, () => 0) : zip(v => v, x)),
    cases: [
      on([[5, 7]], 0.5, { training: false }),
      on([[257]], 0),
      on([[5, 7]], 1),
      on([[]], 1),
      on([[0, 3]], 1),
    ],
    tolerance: 'exact',
  },
}
