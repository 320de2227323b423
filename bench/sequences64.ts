/** Attention and recurrent layers in float64: plain loops, to check the rows of sequences.ts. */

/** Y[i, o] = Σ x[i, c] w[o, c] */
function product(x: Float64Array, w: ArrayLike<number>, inner: number): Float64Array {
  const [rows, columns] = [x.length / inner, w.length / inner]
  const y = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let o = 0; o < columns; o++) {
      let sum = 0
      for (let c = 0; c < inner; c++) sum += x[i * inner + c] * w[o * inner + c]
      y[i * columns + o] = sum
    }
  return y
}

/** softmax(x xᵀ / √d) x for every [length, d] of x. */
export function attention(x: Float64Array, length: number, d: number): Float64Array {
  const y = new Float64Array(x.length)
  for (let from = 0; from < x.length; from += length * d) {
    const one = x.subarray(from, from + length * d)
    const scores = product(one, one, d).map(s => Math.exp(s / Math.sqrt(d)))
    for (let i = 0; i < length; i++) {
      const row = scores.subarray(i * length, (i + 1) * length)
      const all = row.reduce((a, b) => a + b)
      for (let j = 0; j < length; j++)
        for (let c = 0; c < d; c++) y[from + i * d + c] += (row[j] / all) * one[j * d + c]
    }
  }
  return y
}

export interface Weights {
  readonly inputs: ArrayLike<number>
  readonly hidden: ArrayLike<number>
}

/** The next h of one unit, from its gates' two parts and its state. */
type Unit = (
  x: readonly number[],
  own: readonly number[],
  state: { h: number; c: number },
) => number

const σ = (z: number) => 1 / (1 + Math.exp(-z))

const units: Record<'lstm' | 'gru', Unit> = {
  lstm(x, own, state) {
    const [i, f, g, o] = x.map((part, gate) => part + own[gate])
    state.c = σ(f) * state.c + σ(i) * Math.tanh(g)
    return σ(o) * Math.tanh(state.c)
  },
  gru(x, own, { h }) {
    const [r, z] = [σ(x[0] + own[0]), σ(x[1] + own[1])]
    return (1 - z) * Math.tanh(x[2] + r * own[2]) + z * h
  },
}

/** A recurrent layer without biases on x [l, n, size], from a state of zeros. */
export function recurrent(
  kind: 'lstm' | 'gru',
  x: Float64Array,
  { inputs, hidden }: Weights,
  { n, size }: { n: number; size: number },
): Float64Array {
  const gates = inputs.length / size / size
  const fromInputs = product(x, inputs, size)
  const y = new Float64Array(x.length)
  let h = new Float64Array(n * size)
  const cells = Array.from({ length: n * size }, () => ({ h: 0, c: 0 }))
  for (let t = 0; t * n * size < x.length; t++) {
    const own = product(h, hidden, size)
    const next = new Float64Array(n * size)
    for (let at = 0; at < n * size; at++) {
      const [sample, unit] = [Math.floor(at / size), at % size]
      const of = (all: Float64Array, row: number) =>
        Array.from({ length: gates }, (_, gate) => all[(row * gates + gate) * size + unit])
      next[at] = units[kind](of(fromInputs, t * n + sample), of(own, sample), cells[at])
      cells[at].h = next[at]
    }
    y.set(next, t * n * size)
    h = next
  }
  return y
}
