/** Comparing what an answer gives with what it must give. */
import { Tensor } from '../../src/index.js'
import { check } from '../../src/kernels/check.js'

/** @throws Error unless the module exports a function of this name */
export function functionOf<F>(answer: Readonly<Record<string, unknown>>, name: string): F {
  check(
    typeof answer[name] === 'function',
    () => `The program exports no function ${name}. Keep the words "export function ${name}".`,
  )
  return answer[name] as F
}

/** @throws Error that names the first element that differs */
export async function close(what: string, got: unknown, expected: Expected): Promise<void> {
  check(got instanceof Tensor, () => `${what} is no tensor. Does the function return its result?`)
  const { shape, values, tolerance = 1e-4 } = expected
  check(
    String(got.shape) === String(shape),
    () => `${what} has the shape [${got.shape.join(', ')}]; it must be [${shape.join(', ')}].`,
  )
  const found = await got.data()
  const bad = values.findIndex(
    (x, i) => !(Math.abs(found[i] - x) <= tolerance * Math.max(1, Math.abs(x))),
  )
  check(
    bad < 0,
    () =>
      `${what} must be [${values.map(short).join(', ')}], in index order. ` +
      `It is [${[...found].map(short).join(', ')}].`,
  )
}

export interface Expected {
  readonly shape: readonly number[]
  /** In index order. */
  readonly values: readonly number[]
  readonly tolerance?: number
}

function short(x: number): string {
  return String(Number(x.toPrecision(5)))
}
