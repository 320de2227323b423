/** Sums of products by their equation. */
import * as kg from '../../../src/index.js'
import { oneOf, size } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

/** The sum over all indices, one by one. The ellipsis is two dims, X and Y. */
function einsum(equation: string, xs: Grid[]): Grid {
  const [left, right] = equation.replaceAll('...', 'XY').split('->')
  const terms = left.split(',')
  const names = [...new Set(left.replaceAll(',', ''))]
  const out = [...right]
  const inner = names.filter(name => !out.includes(name))
  const sizeOf = (name: string) =>
    Math.max(...terms.flatMap((term, i) => xs[i].shape.filter((_, d) => term[d] === name)))
  return fill(out.map(sizeOf), o => {
    const products = fill(inner.map(sizeOf), i => {
      const index = (name: string) =>
        out.includes(name) ? o[out.indexOf(name)] : i[inner.indexOf(name)]
      return terms.reduce((product, term, k) => product * at(xs[k], [...term].map(index)), 1)
    })
    return products.data.reduce((a, b) => a + b, 0)
  })
}

const call = (xs: Tensor[], equation: string) => kg.einsum(equation, xs)

// biome-ignore format: a table reads in columns
export const rows: Rows<'einsum'> = {
  einsum: via(
    (a: Tensor, b: Tensor | null, c: Tensor | null, equation: string) => call([a, b, c].filter(x => x !== null), equation),
    ((a: Grid, b: Grid | null, c: Grid | null, equation: string) => einsum(equation, [a, b, c].filter(x => x !== null))) as never,
    {
      cases: [
        on([[5, 7], [7, 3], null], 'ij,jk->ik'),         on([[4, 4], null, null], 'ii->'),       on([[4, 4], null, null], 'ii->i'),
        on([[5], [7], null], 'i,j->ij'),                 on([[2, 5, 7], [2, 7, 3], null], 'bij,bjk->bki'), on([[5, 7], null, null], 'ij->j'),
        on([[2, 3, 4], [4, 3], [5, 2]], 'abc,cb,da->d'), on([[2, 3, 4, 5], [2, 3, 5], null], '...ij,...j->...i'),
        on([[5, 7], [5, 7], null], 'ij,ij->'),           on([[5, 1], [7, 3], null], 'ij,jk->ik'), on([[3, 4, 3], [3], null], 'iji,i->j'),
        on([[5, 7], [3], null], 'ij,k->k'),              on([[0, 3], [3, 2], null], 'ij,jk->ik'), on([[], [3], null], ',i->i'),
      ],
      generate(random) {
        const [i, j, k, b] = [size(random), size(random), size(random), size(random)].map(n => Math.min(n, 9))
        return oneOf(random, [
          on([[i, j], [j, k], null], 'ij,jk->ki'), on([[b, i, j], [b, j], null], 'bij,bj->bi'), on([[i, j, k], [k], [i, b]], 'ijk,k,ib->jb'),
          on([[i, i, j], null, null], 'iij->ji'), on([[b, 1, i, j], [k, i, j], null], '...ij,...ij->...j'.replaceAll('...', 'xy').replace(',xy', ',y')),
        ])
      },
      linear: [[0], [1], [2]], tolerance: 'summed',
    },
  ),
}
