/** The same product by every kernel for it, from the plainest to the fastest, one idea a rung; and convolution likewise. */
import { gemm, gemmKernels, serves } from '../src/autograd/ops/gemm.js'
import { rand, zeros } from '../src/node.js'
import { direct } from './direct.js'
import { off, productBound } from './matmul.js'
import type { Row } from './row.js'

const n = 512
const flops = 2 * n ** 3
const bytes = 12 * n ** 2
const prefix = `ladder/matmul/${n}x${n}x${n}`

const rungs = {
  matmul: 'naive',
  matmul_tiled: 'tiled-register',
  matmul_register: 'register',
  matmul_subgroup: 'subgroup',
} as const

/** Rungs that this device cannot climb are left out. */
export function ladder(): Row[] {
  const [plain, ...better] = gemmKernels.map(kernel => ({
    name: `${prefix}/${rungs[kernel]}`,
    flops,
    bytes,
    async prepare() {
      const [a, b] = [rand([n, n]), rand([n, n])]
      const error = await off(a, b, gemm(a, b, { kernel }))
      return { work: () => void gemm(a, b, { kernel }), error, bound: productBound }
    },
    kernel,
  }))
  const square = zeros([n, n])
  return [plain, tiled(), ...better.filter(({ kernel }) => serves(kernel, square, square))]
}

/** The textbook's tile in workgroup memory, a kernel of the benchmark alone. */
function tiled(): Row {
  return {
    name: `${prefix}/tiled`,
    flops,
    bytes,
    async prepare() {
      const [a, b, c] = [rand([n, n]), rand([n, n]), zeros([n, n])]
      const size = { u32: n }
      const work = direct('matmul_tiled', {
        params: [size, size, size],
        buffers: { 1: a, 2: b, 3: c },
        workgroups: [n / 16, n / 16],
      })
      work()
      return { work, error: await off(a, b, c), bound: productBound }
    },
  }
}
