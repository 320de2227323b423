/** The reference: arrays of float64 and plain loops over them. Nothing here uses the engine. */
export interface Grid {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

type Index = readonly number[]

/** A grid whose element at `index` is f(index). */
export function fill(shape: Index, f: (index: number[]) => number): Grid {
  const n = shape.reduce((product, size) => product * size, 1)
  return { shape, data: Float64Array.from({ length: n }, (_, i) => f(indexOf(shape, i))) }
}

/** The element at an index of a shape that the grid broadcasts to. */
export function at(x: Grid, index: Index): number {
  return x.data[position(x.shape, index)]
}

/** f of the elements of several grids and numbers, with broadcasting. */
export function zip(f: (...values: number[]) => number, ...xs: (Grid | number)[]): Grid {
  const grids = xs.map(x => (typeof x === 'number' ? fill([], () => x) : x))
  const shape = broadcast(...grids.map(x => x.shape))
  return fill(shape, index => f(...grids.map(x => at(x, index))))
}

/** The adjoint of broadcasting: adds each element to the one that it is a copy of. */
export function sumTo(x: Grid, shape: Index): Grid {
  const y = fill(shape, () => 0)
  x.data.forEach((value, i) => {
    y.data[position(shape, indexOf(x.shape, i))] += value
  })
  return y
}

/** (Σ x over dims) / divisor(number of terms) */
export function reduce(
  x: Grid,
  dims: number | Index | undefined,
  keepdim: boolean | undefined,
  divisor: (terms: number) => number,
): Grid {
  const rank = x.shape.length
  const list = (dims === undefined ? [...x.shape.keys()] : [dims].flat()).map(
    d => (d + rank) % rank,
  )
  const total = sumTo(
    x,
    x.shape.map((size, d) => (list.includes(d) ? 1 : size)),
  )
  const terms = list.reduce((product, d) => product * x.shape[d], 1)
  const y = zip(value => value / divisor(terms), total)
  return keepdim
    ? y
    : reshape(
        y,
        x.shape.filter((_, d) => !list.includes(d)),
      )
}

export function matmul(a: Grid, b: Grid): Grid {
  if (a.shape.length === 1)
    return dropped(matmul(reshape(a, [1, ...a.shape]), b), b.shape.length === 1 ? 0 : -2)
  if (b.shape.length === 1) return dropped(matmul(a, reshape(b, [...b.shape, 1])), -1)
  const [m, k, n] = [...a.shape.slice(-2), b.shape.at(-1)!]
  return fill([...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n], index => {
    const [batch, i, j] = [index.slice(0, -2), ...index.slice(-2)] as [number[], number, number]
    let sum = 0
    for (let l = 0; l < k; l++) sum += at(a, [...batch, i, l]) * at(b, [...batch, l, j])
    return sum
  })
}

export function permute(x: Grid, dims: Index): Grid {
  const order = dims.map(d => (d + dims.length) % dims.length)
  const inverse = order.map((_, d) => order.indexOf(d))
  return fill(
    order.map(d => x.shape[d]),
    index =>
      at(
        x,
        inverse.map(d => index[d]),
      ),
  )
}

/** Swaps dims a and b. */
export function transpose(x: Grid, a = -2, b = -1): Grid {
  const order = [...x.shape.keys()]
  return permute(x, order.with(a, order.at(b)!).with(b, order.at(a)!))
}

/** The same elements in another shape, of which one size may be −1. */
export function reshape(x: Grid, shape: Index): Grid {
  const known = shape.reduce((product, size) => (size < 0 ? product : product * size), 1)
  return { shape: shape.map(size => (size < 0 ? x.data.length / known : size)), data: x.data }
}

/** Elements from, from + step, … along a dim, `length` of them. */
export function part(x: Grid, dim: number, from: number, length: number, step = 1): Grid {
  const d = (dim + x.shape.length) % x.shape.length
  return fill(x.shape.with(d, length), index => at(x, index.with(d, from + index[d] * step)))
}

/** Python's x[start:stop:step] along a dim: the first index, and how many elements. */
export function bounds(size: number, start = 0, stop = size, step = 1): [number, number] {
  const inside = (i: number) => Math.min(size, Math.max(0, i < 0 ? i + size : i))
  return [inside(start), Math.max(0, Math.ceil((inside(stop) - inside(start)) / step))]
}

/** erf z = 2/√π · e^(−z²) Σₙ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n+1)): no cancellation, exact to 1e-15. */
export function erf(z: number): number {
  if (Math.abs(z) > 6) return Math.sign(z)
  let [term, sum] = [z, z]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * z * z) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum
}

function dropped(x: Grid, dim: number): Grid {
  return reshape(x, x.shape.toSpliced(dim, 1))
}

function broadcast(...shapes: Index[]): number[] {
  const rank = Math.max(...shapes.map(shape => shape.length))
  return Array.from({ length: rank }, (_, d) => {
    const sizes = shapes.map(shape => shape[d - rank + shape.length] ?? 1)
    return sizes.find(size => size !== 1) ?? 1
  })
}

function indexOf(shape: Index, i: number): number[] {
  const index = new Array<number>(shape.length)
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = i % shape[d]
    i = Math.floor(i / shape[d])
  }
  return index
}

function position(shape: Index, index: Index): number {
  const skipped = index.length - shape.length
  return shape.reduce((p, size, d) => p * size + (size === 1 ? 0 : index[d + skipped]), 0)
}

/** The activations that linear and conv may apply. */
export const activations = {
  relu: (z: number) => Math.max(z, 0),
  tanh: Math.tanh,
  sigmoid: (z: number) => 1 / (1 + Math.exp(-z)),
} as const
