/** Eigenvectors, principal components and nearest neighbours. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { symmetricEigen } from '../src/cli/eigen.js'
import { accuracy, nearest, vote } from '../src/cli/neighbours.js'
import { principalComponents, project } from '../src/cli/pca.js'
import { pixels } from '../src/data/dataset.js'
import { drawDigits } from '../src/data/digits.js'

/** numpy.linalg.eigvalsh([[1 / (i + j + 1) for j in range(6)] for i in range(6)])[::-1] */
const hilbert = [
  1.6188998589243, 0.2423608705752, 0.0163215213199, 6.157483542e-4, 1.25707571e-5, 1.0827995e-7,
]

const matrix = (n: number, f: (i: number, j: number) => number) =>
  Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => f(i, j)))

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0)

/** A v = λ v and orthonormal vectors, to `ulps` of the largest eigenvalue. */
function checkEigen(A: Float64Array[], ulps: number): void {
  const { values, vectors } = symmetricEigen(A)
  const bound = ulps * Number.EPSILON * Math.max(...values.map(Math.abs), 1e-300)
  for (const [k, v] of vectors.entries()) {
    if (k > 0) assert.ok(values[k] <= values[k - 1])
    A.forEach((row, i) => {
      assert.ok(Math.abs(dot(row, v) - values[k] * v[i]) <= bound, `${k} ${i}`)
    })
    vectors.forEach((w, m) => {
      assert.ok(Math.abs(dot(v, w) - Number(m === k)) < ulps * Number.EPSILON)
    })
  }
}

test('the eigenvalues of Hilbert’s matrix are those of NumPy', () => {
  const { values } = symmetricEigen(matrix(6, (i, j) => 1 / (i + j + 1)))
  for (const [k, value] of hilbert.entries()) assert.ok(Math.abs(values[k] - value) < 1e-13)
})

test('A v = λ v, for equal eigenvalues, zeros, one row and a hundred', () => {
  checkEigen([Float64Array.from([-3])], 4)
  checkEigen(
    matrix(5, () => 0),
    4,
  )
  checkEigen(
    matrix(6, (i, j) => Number(i === j)),
    4,
  )
  checkEigen(
    matrix(6, () => 1),
    60,
  )
  checkEigen(
    matrix(7, (i, j) => (i === j ? i % 3 : 0)),
    4,
  )
  checkEigen(
    matrix(100, (i, j) => Math.sin(i * j) + Math.sin(j * i) + (i === j ? i : 0)),
    400,
  )
})

test('principal components: their variances are those of the projected points', () => {
  const points = { data: pixels(drawDigits({ count: 60 })).map(v => v), size: 784 }
  const components = principalComponents(points, 4)
  const { data } = project(points, components)
  for (let a = 0; a < 4; a++) {
    const values = Array.from({ length: 60 }, (_, p) => data[4 * p + a])
    const mean = values.reduce((sum, x) => sum + x, 0) / 60
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 59
    assert.ok(Math.abs(mean) < 1e-5)
    // the projections are f32
    assert.ok(Math.abs(variance / components.variances[a] - 1) < 1e-6, `${a}`)
  }
  const total = components.variances.reduce((sum, v) => sum + v, 0)
  const rank = components.variances.filter(v => v > 1e-12 * total).length
  assert.is(rank, 59)
  assert.throws(
    () => principalComponents({ data: points.data.subarray(784), size: 785 }, 2),
    /pca: /,
  )
})

test('the nearest points, against a full sort', () => {
  const data = Float32Array.from({ length: 90 }, (_, i) => ((i * 7919) % 101) / 10)
  const all = { data, size: 3 }
  const found = nearest(all, all, { k: 5, others: true })
  for (let q = 0; q < 30; q++) {
    const distance = (p: number) =>
      [0, 1, 2].reduce((sum, i) => sum + (data[3 * q + i] - data[3 * p + i]) ** 2, 0)
    const sorted = [...Array(30).keys()]
      .filter(p => p !== q)
      .sort((a, b) => distance(a) - distance(b))
    assert.equal([...found.subarray(5 * q, 5 * q + 5)], sorted.slice(0, 5))
  }
  assert.equal([...nearest(all, all, { k: 1 })], [...Array(30).keys()])
  assert.throws(() => nearest(all, all, { k: 30, others: true }), /^nearest: 30 neighbours/)
})

test('the vote of neighbours; of equally many labels that of the nearest', () => {
  const labels = Uint8Array.from([7, 3, 3, 9])
  const guesses = vote(Int32Array.from([0, 1, 2, 3, 0, 1, 1, 2, 3]), 3, labels)
  assert.equal([...guesses], [3, 9, 3])
  assert.is(accuracy(guesses, Uint8Array.from([3, 9, 0])), 2 / 3)
})

test.run()
