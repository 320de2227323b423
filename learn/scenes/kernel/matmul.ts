/** The staircase of the matrix product. */

import { tensor, transpose } from '../../../src/index.js'
import { isSoftware } from '../../../src/kernels/device.js'
import { matrixProduct } from '../../../src/launches/matmul.js'
import { type MatmulRung, matmulRungs } from '../../../src/launches/rungs/matmul.js'
import type { Variant } from '../../../src/launches/variants.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { numbers } from '../../shell/numbers.js'
import type { Product, Step, Subject } from './subject.js'

export const matmulSubject: Subject = {
  name: 'matmul',
  title: 'Matrix product',
  equation: 'C[i,j] = Σₖ A[i,k] B[k,j]',
  get steps() {
    const [a, b] = [matrix(32, 32, 1), matrix(32, 32, 2)]
    return matmulRungs.map((rung: MatmulRung): Step => {
      const serves = rung.serves(a, b)
      return { name: rung.name, kernel: rung.kernel, missing: serves ? null : noSubgroups }
    })
  },
  counted() {
    const n = 64
    const [a, b] = [matrix(n, n, 1), matrix(n, n, 2)]
    const planes = (name: string) => ({ name, planes: 1, rows: n, columns: n })
    return {
      product: product('C = A B', a, b),
      multiplyAdds: n ** 3,
      sizes: `A, B and C are [${n}, ${n}]`,
      result: planes('C'),
      read: () => [planes('A'), planes('B')],
    }
  },
  products() {
    const [m, k, n] = [36, 20, 68]
    const [a, b, dC] = [matrix(m, k, 3), matrix(k, n, 4), matrix(m, n, 5)]
    return [
      product('C = A B', a, b),
      product('dA = dC Bᵀ', dC, transpose(b)),
      product('dB = Aᵀ dC', transpose(a), dC),
    ]
  },
  timed() {
    const n = isSoftware() ? 192 : 1024
    const [a, b] = [matrix(n, n, 6), matrix(n, n, 7)]
    return { run: multiply(a, b), multiplyAdds: n ** 3, sizes: `${n} × ${n} × ${n}` }
  },
}

export const noSubgroups = 'it needs subgroups of a size that this adapter does not have'

function matrix(rows: number, columns: number, seed: number): Tensor {
  return tensor(numbers(rows * columns, seed), { shape: [rows, columns] })
}

function multiply(a: Tensor, b: Tensor): (rung: string) => Tensor {
  return rung => matrixProduct(a, b, { variant: rung as Variant<'matmul'> })
}

function product(name: string, a: Tensor, b: Tensor): Product {
  const [[m, k], n] = [a.shape, b.shape[1]]
  return {
    name,
    run: multiply(a, b),
    terms: k,
    async want() {
      const [A, B] = [await a.data(), await b.data()]
      const [y, size] = [new Float64Array(m * n), new Float64Array(m * n)]
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          for (let q = 0; q < k; q++) {
            const term = A[i * k + q] * B[q * n + j]
            y[i * n + j] += term
            size[i * n + j] += Math.abs(term)
          }
      return { y, size }
    },
  }
}
