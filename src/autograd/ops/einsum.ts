/** Sums of products by their equation, reduced to diagonals, sums and matrix products. */
import { checkList } from '../../tensor/arguments.js'
import { sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { diagonal } from './diagonal.js'
import { type Names, parseEquation } from './equation.js'
import { expand } from './expand.js'
import { matmul } from './matmul.js'
import { checkFloat } from './operands.js'
import { permute } from './permute.js'
import { reshape } from './reshape.js'
import { sum } from './sum.js'

/** A tensor and the names of its dims, all different. */
interface Named {
  readonly t: Tensor
  readonly names: Names
}

/**
 * Einstein's notation: multiplies tensors and sums over every name that the result lacks.
 *
 *     einsum('ij,jk->ik', [A, B])          Σⱼ A[i,j] B[j,k], the matrix product
 *     einsum('ii', [A])                    the trace: a name that occurs twice is a diagonal
 *     einsum('...ij,...j->...i', [A, x])   the ellipsis stands for any dims, which broadcast
 *
 * Without '->' the result has the names that occur once, in the order of the alphabet. Tensors are
 * multiplied from left to right.
 * @throws Error that names the equation, and what does not fit
 */
export function einsum(equation: string, tensors: readonly Tensor[]): Tensor {
  checkList('einsum', 'the second argument', tensors, "einsum('ij,jk->ik', [A, B])")
  checkFloat('einsum', ...tensors)
  const { inputs, output, sizes } = parseEquation(
    equation,
    tensors.map(t => t.shape),
  )
  const terms = tensors.map((t, i) => withoutRepeats({ t, names: inputs[i] }))
  const needed = (i: number) => [...output, ...inputs.slice(i + 1).flat()]
  const product = terms.reduce((a, b, i) => multiply(a, b, needed(i), sizes))
  const { t, names } = summed(product, output)
  const whole = expand(
    t,
    names.map(name => sizes.get(name)!),
  )
  return permute(
    whole,
    output.map(name => names.indexOf(name)),
  )
}

/** A name that occurs twice becomes the diagonal of its two dims. */
function withoutRepeats(term: Named): Named {
  const { t, names } = term
  const dim2 = names.findIndex((name, d) => names.indexOf(name) < d)
  if (dim2 < 0) return term
  const dim1 = names.indexOf(names[dim2])
  const rest = names.filter((_, d) => d !== dim1 && d !== dim2)
  return withoutRepeats({ t: diagonal(t, { dim1, dim2 }), names: [...rest, names[dim2]] })
}

/** The sum over all names that are not needed. */
function summed({ t, names }: Named, needed: Names): Named {
  const over = names.flatMap((name, d) => (needed.includes(name) ? [] : [d]))
  if (over.length === 0) return { t, names }
  return { t: sum(t, over), names: names.filter(name => needed.includes(name)) }
}

/** One matrix product per index of the names that both have and that are needed. */
function multiply(
  left: Named,
  right: Named,
  needed: Names,
  sizes: ReadonlyMap<string, number>,
): Named {
  const a = summed(left, [...needed, ...right.names])
  const b = summed(right, [...needed, ...left.names])
  const both = a.names.filter(name => b.names.includes(name))
  const batch = both.filter(name => needed.includes(name))
  const inner = both.filter(name => !needed.includes(name))
  const rows = a.names.filter(name => !both.includes(name))
  const columns = b.names.filter(name => !both.includes(name))
  const count = (names: Names) => sizeOf(names.map(name => sizes.get(name)!))
  const groups = [batch, rows, inner, columns].map(count)
  const [batches, m, k, n] = groups
  const as = (term: Named, order: Names, shape: readonly number[]) => {
    const t = permute(
      term.t,
      order.map(name => term.names.indexOf(name)),
    )
    const whole = expand(
      t,
      order.map(name => sizes.get(name)!),
    )
    return reshape(whole, batch.length > 0 ? [batches, ...shape] : shape)
  }
  const A = as(a, [...batch, ...rows, ...inner], [m, k])
  const B = as(b, [...batch, ...inner, ...columns], [k, n])
  const names = [...batch, ...rows, ...columns]
  return {
    t: reshape(
      matmul(A, B),
      names.map(name => sizes.get(name)!),
    ),
    names,
  }
}
