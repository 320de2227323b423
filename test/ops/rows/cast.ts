/** Conversions between dtypes. */
import { oneOf, shapeOf } from '../generate.js'
import { zip } from '../reference.js'
import { exact, on, type Rows } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'to'> = {
  to: {
    f: (x, dtype) => zip(dtype === 'f32' ? v => v : dtype === 'bool' ? v => +(v !== 0) : Math.trunc, x),
    from: 'ties',
    cases: [on([[5, 7]], 'i32'), on([[257]], 'bool'), on([[5, 7]], 'f32'), on([[0]], 'i32'), on([[]], 'bool')],
    generate: random => on([shapeOf(random)], oneOf(random, ['f32', 'i32', 'bool'])),
    gradient: 'none', ...exact,
  },
}
