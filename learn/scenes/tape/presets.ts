/** Expressions to begin with. */

export interface Preset {
  readonly title: string
  readonly expression: string
  /** Of each leaf; a name with ! needs no gradient. */
  readonly values: Readonly<Record<string, string>>
}

export const presets: readonly Preset[] = [
  { title: 'a line', expression: 'w*x + b', values: { w: '3', 'x!': '2', b: '1' } },
  { title: 'two paths', expression: 'x*x + x', values: { x: '3' } },
  { title: 'a result used twice', expression: 'a = x*x; a*x + a', values: { x: '2' } },
  { title: 'a quotient', expression: 'a/b + sin(a)', values: { a: '1.5', b: '0.5' } },
  {
    title: 'a neuron',
    expression: 'tanh(sum(w*x) + b)',
    values: { w: '[0.5, -1, 2]', 'x!': '[1, 0.5, -0.25]', b: '0.75' },
  },
  {
    title: 'broadcasting',
    expression: 'sum(C * (X + b))',
    values: { 'C!': '[[1, 2, 3], [4, 5, 6]]', X: '[[1, 0, -1], [2, 1, 0]]', b: '[10, 20, 30]' },
  },
  {
    title: 'a matrix product',
    expression: 'sum(A @ B * G)',
    values: {
      A: '[[1, 2, 3], [4, 5, 6]]',
      B: '[[1, 0], [0, 1], [1, -1]]',
      'G!': '[[1, 2], [3, 4]]',
    },
  },
  {
    title: 'a line through points',
    expression: 'mse(w*x + b, t)',
    values: { w: '0.5', 'x!': '[-1, 0, 1, 2]', b: '0.25', 't!': '[-1, 1, 3, 5]' },
  },
  {
    title: 'a network 2-3-1',
    expression: 'h = tanh(linear(x, W1, b1)); y = linear(h, W2, b2); mse(y, t)',
    values: {
      'x!': '[[0, 1], [1, 1]]',
      W1: '[[0.5, -0.5], [1, 0.25], [-0.75, 0.5]]',
      b1: '[0.1, 0, -0.1]',
      W2: '[[1, -1, 0.5]]',
      b2: '[0.2]',
      't!': '[[1], [0]]',
    },
  },
]

/** Where the scene begins. */
export const first = presets[1]

/** The one with this expression, spaces aside. */
export function presetOf(expression: string): Preset | undefined {
  const short = expression.replaceAll(' ', '')
  return presets.find(one => one.expression.replaceAll(' ', '') === short)
}
