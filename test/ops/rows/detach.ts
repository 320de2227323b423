/** The same numbers without a gradient. */
import { exact, type Rows, unary } from '../row.js'

export const rows: Rows<'detach'> = {
  detach: unary(x => x, { gradient: 'none', ...exact }),
}
