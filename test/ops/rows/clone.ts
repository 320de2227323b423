/** A copy. */
import { moved, type Rows, unary } from '../row.js'

export const rows: Rows<'clone'> = { clone: unary(x => x, moved) }
