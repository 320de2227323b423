/** wgpu-matrix as an independent judge of 4×4 products. It stores columns, this library rows. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mat4 } from 'wgpu-matrix'
import { manualSeed, matmul, randn, tensor, transpose } from '../src/index.js'
import { gpu } from './gpu.js'

test.before(async () => {
  await gpu()
  manualSeed(4)
})

function close(got: ArrayLike<number>, want: ArrayLike<number>): void {
  assert.is(got.length, want.length)
  for (let i = 0; i < want.length; i++)
    assert.ok(Math.abs(got[i] - want[i]) < 1e-5, `element ${i}: expected ${want[i]}, got ${got[i]}`)
}

test('A B is what wgpu-matrix makes of the same matrices, column by column', async () => {
  for (let turn = 0; turn < 10; turn++) {
    const [A, B] = [randn([4, 4]), randn([4, 4])]
    // a matrix read as columns is its transpose: (A B)ᵀ = Bᵀ Aᵀ
    const product = mat4.multiply(await B.data(), await A.data())
    close(await matmul(A, B).data(), product)
  }
})

test('Aᵀ B and A Bᵀ of transposed views agree with wgpu-matrix', async () => {
  const [A, B] = [randn([4, 4]), randn([4, 4])]
  const [a, b] = await Promise.all([A.data(), B.data()])
  close(await matmul(transpose(A), B).data(), mat4.multiply(b, mat4.transpose(a)))
  close(await matmul(A, transpose(B)).data(), mat4.multiply(mat4.transpose(b), a))
})

test('a transposed view reads as wgpu-matrix’s transpose', async () => {
  const A = randn([4, 4])
  assert.equal([...(await transpose(A).data())], [...mat4.transpose(await A.data())])
})

test('A A⁻¹ is the identity, with wgpu-matrix’s inverse', async () => {
  const A = randn([4, 4]).add(4)
  const product = matmul(A, tensor(mat4.inverse(await A.data()), { shape: [4, 4] }))
  const worst = (await product.data()).reduce(
    (most, x, i) => Math.max(most, Math.abs(x - (i % 5 ? 0 : 1))),
    0,
  )
  assert.ok(worst < 1e-3, `worst ${worst}`)
})

test.run()
