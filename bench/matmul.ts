/** Matrix products: square ones, and those of the autoencoder's layers. */
import { rand, type Tensor } from '../src/node.js'
import type { Row } from './measure.js'

const sizes = [
  [256, 256, 256, 'A·B'],
  [512, 512, 512, 'A·B'],
  [512, 512, 512, 'A·Bᵀ'],
  [512, 512, 512, 'Aᵀ·B'],
  [128, 784, 128, 'A·Bᵀ'],
  [784, 128, 128, 'Aᵀ·B'],
  [257, 129, 65, 'A·B'],
] as const

export function matmul(): Row[] {
  return sizes.map(([m, k, n, form]) => ({
    name: `matmul/${m}x${k}x${n}/${form}`,
    amount: (2 * m * n * k) / 1e9,
    unit: 'GFLOP/s',
    async prepare() {
      const a = form === 'Aᵀ·B' ? rand([k, m]).transpose() : rand([m, k])
      const b = form === 'A·Bᵀ' ? rand([n, k]).transpose() : rand([k, n])
      return { work: () => void a.matmul(b), error: await distance(a, b), bound: 1e-5 }
    },
  }))
}

/** Largest relative error of A·B over a sample of elements, each summed in float64. */
async function distance(a: Tensor, b: Tensor): Promise<number> {
  const [m, k] = a.shape
  const n = b.shape[1]
  const [A, B, C] = [await a.data(), await b.data(), await a.matmul(b).data()]
  let worst = 0
  for (let sample = 0; sample < 500; sample++) {
    const i = (sample * 7919) % m
    const j = (sample * 104729) % n
    let sum = 0
    for (let q = 0; q < k; q++) sum += A[i * k + q] * B[q * n + j]
    worst = Math.max(worst, Math.abs(C[i * n + j] - sum) / Math.abs(sum))
  }
  return worst
}
