/** Classes as vectors. */
import { shapeOf } from '../generate.js'
import { at, fill } from '../reference.js'
import { on, type Rows } from '../row.js'

export const rows: Rows<'oneHot'> = {
  oneHot: {
    f: (index, classes) =>
      fill([...index.shape, classes], i => +(at(index, i.slice(0, -1)) === i.at(-1))),
    cases: [on([[5]], 9), on([[2, 3]], 4), on([[]], 4), on([[0, 3]], 4), on([[65]], 5)],
    generate: random => on([shapeOf(random).slice(0, 3)], 4),
    from: { below: 4 },
    gradient: 'none',
    tolerance: 'exact',
    whole: true,
  },
}
