/** Where the arrows of an operation stand in the source: found by the text of their first line. */

export interface Arrows {
  /** In src/autograd/ops. */
  readonly file: string
  readonly first: string
  /** Lines. */
  readonly count: number
}

const arithmetic = (first: string): Arrows => ({ file: 'arithmetic.ts', first, count: 3 })

const pointwise: Arrows = { file: 'pointwise.ts', first: 'return record(op, y, [[x, dy', count: 1 }

// biome-ignore format: a table reads in columns
export const arrows: Readonly<Record<string, Arrows>> = {
  add: arithmetic("return record('add'"),
  sub: arithmetic("return record('sub'"),
  mul: arithmetic("return record('mul'"),
  div: arithmetic("return record('div'"),
  matmul: { file: 'product.ts', first: "return record('matmul'", count: 3 },
  linear: { file: 'linear.ts', first: '[x, dy => product(dy, w, true)]', count: 3 },
  expand: { file: 'expand.ts', first: "return record('expand'", count: 1 },
  sum: { file: 'sum.ts', first: "return record('sum'", count: 1 },
  mean: { file: 'sum.ts', first: "return record('mean'", count: 1 },
  reshape: { file: 'reshape.ts', first: "return recordCommuting('reshape'", count: 1 },
  mseLoss: {
    file: 'losses.ts', first: 'const dx = (a: Tensor, t: Tensor) => mul(sub(a, t), 2)', count: 2,
  },
  ...Object.fromEntries(
    ['neg', 'exp', 'log', 'sqrt', 'sin', 'cos', 'relu', 'tanh', 'sigmoid'].map(op => [op, pointwise]),
  ),
}

/** The lines, without their indent, and the number of the first. */
export function linesOf({ first, count }: Arrows, source: string): { line: number; text: string } {
  const lines = source.split('\n')
  const at = lines.findIndex(line => line.includes(first))
  const found = lines.slice(at, at + count)
  const indent = Math.min(...found.map(line => line.search(/\S/)))
  return { line: at + 1, text: found.map(line => line.slice(indent)).join('\n') }
}
