/** Matrix products: square, odd sizes, and stored in the three ways that a layer needs. */
import { matrixUnit } from '../src/kernels/device.js'
import { isSoftware, rand, type Tensor } from '../src/node.js'
import { distance, series } from './reference.js'
import type { Row } from './row.js'

/** nt: B is stored transposed, as a layer's weight is. tn: A is, as for the weight's gradient. */
export type Form = 'nn' | 'nt' | 'tn'

export const products: [m: number, k: number, n: number, ...forms: Form[]][] = [
  [64, 64, 64, 'nn'],
  [256, 256, 256, 'nn', 'nt', 'tn'],
  [512, 512, 512, 'nn', 'nt', 'tn'],
  [1024, 1024, 1024, 'nn'],
  [128, 784, 128, 'nn', 'nt'],
  [784, 128, 128, 'tn'],
  [257, 129, 65, 'nn', 'nt', 'tn'],
]
const large: typeof products = [
  [2048, 2048, 2048, 'nn'],
  [4096, 4096, 4096, 'nn', 'nt', 'tn'],
]

export function matmul(): Row[] {
  return [...products, ...(isSoftware() ? [] : large)].flatMap(([m, k, n, ...forms]) =>
    forms.map(form => ({
      name: productName(m, k, n, form),
      flops: 2 * m * k * n,
      bytes: 4 * (m * k + k * n + m * n),
      async prepare() {
        const [a, b] = operands(m, k, n, form)
        const error = await off(a, b, a.matmul(b))
        return { work: () => void a.matmul(b), error, bound: forwardBound() }
      },
    })),
  )
}

export function productName(m: number, k: number, n: number, form: Form): string {
  return `matmul/${m}x${k}x${n}${form === 'nn' ? '' : `/${form}`}`
}

export function operands(m: number, k: number, n: number, form: Form): [Tensor, Tensor] {
  const a = form === 'tn' ? rand([k, m]).transpose() : rand([m, k])
  const b = form === 'nt' ? rand([n, k]).transpose() : rand([k, n])
  return [a, b]
}

/** How far C is from A·B. */
export async function off(a: Tensor, b: Tensor, c: Tensor): Promise<number> {
  const [k, n] = b.shape
  const [A, B, C] = [await a.data(), await b.data(), await c.data()]
  return distance(C.length, at => {
    const [i, j] = [Math.floor(at / n), at % n]
    return { got: C[at], terms: series(k, q => A[i * k + q] * B[q * n + j]) }
  })
}

/**
 * For sums of thousands of products. Rounding in float32, in any order, stays ten times below it; a
 * missing term does not. Matrix units round both factors of a forward product to 11 bits.
 */
export const productBound = 1e-5
export const forwardBound = () => (matrixUnit() ? 2 ** -9 : productBound)
