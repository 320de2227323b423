/**
 * Where an op is not smooth. A signature says on which side of every kink the inputs lie: programs
 * keep away from kinks, since a float32 engine may lie on the other side of one than float64.
 */
import type { Random } from '../ops/inputs.js'
import { type Grid, zip } from '../ops/reference.js'
import type { Row } from '../ops/row.js'
import { type OpName, table } from '../ops/table.js'

type Given = Grid | number | null
type Signature = (inputs: readonly Given[], args: readonly unknown[]) => Iterable<number>

const signs =
  (f: (...x: number[]) => number): Signature =>
  inputs =>
    zip((...x) => Math.sign(f(...x)), ...(inputs as Grid[])).data
const first = (inputs: readonly Given[]) => inputs[0] as Grid
const own = signs(x => x)
const jumps =
  (f: (x: number) => number): Signature =>
  inputs =>
    first(inputs).data.map(f)
const difference = signs((a, b) => a - b)

/** Which elements are the largest (the smallest) of theirs. */
const best =
  (op: 'amax' | 'amin'): Signature =>
  (inputs, [dims]) => {
    const x = first(inputs)
    const most = call(op)(x, x.shape.length ? dims : undefined, { keepdim: true }) as Grid
    return zip((a, m) => +(a === m), x, dims === undefined ? { ...most, shape: [] } : most).data
  }

/** The side of |a − b| on which a loss changes from a parabola to a line. */
const bent =
  (name: 'beta' | 'delta'): Signature =>
  ([a, b], [options]) => {
    const limit = (options as Record<string, number> | undefined)?.[name] ?? 1
    const sides = (p: number, q: number) => Math.sign(p - q) + 2 * +(Math.abs(p - q) < limit)
    return zip(sides, a as Grid, b as Grid).data
  }

const places: Signature = (inputs, args) =>
  (call('maxPool2dWithIndices')(first(inputs), ...args) as Grid[])[1].data

/** The sign of z where relu(z) is computed together with z. */
const fused =
  (op: 'linear' | 'conv2d' | 'convTranspose2d'): Signature =>
  (inputs, args) => {
    const options = args.at(-1) as { activation?: string } | undefined
    if (options?.activation !== 'relu') return []
    const z = call(op)(...inputs, ...args.slice(0, -1), { ...options, activation: null })
    return (z as Grid).data.map(Math.sign)
  }

const signatures: Partial<Record<OpName, Signature>> = {
  relu: own,
  leakyRelu: own,
  abs: own,
  clamp(inputs, [options]) {
    const { min = -Infinity, max = Infinity } = options as { min?: number; max?: number }
    return first(inputs).data.map(x => Math.sign(x - min) + 3 * Math.sign(x - max))
  },
  softplus(inputs, [options]) {
    const { beta = 1, threshold = 20 } = (options ?? {}) as { beta?: number; threshold?: number }
    return first(inputs).data.map(x => Math.sign(beta * x - threshold))
  },
  sort: (inputs, args) => (call('sort')(...inputs, ...args) as Grid[])[1].data,
  topk: (inputs, args) => (call('topk')(...inputs, ...args) as Grid[])[1].data,
  argsort: (inputs, args) => (call('argsort')(...inputs, ...args) as Grid).data,
  searchSorted: (inputs, args) => (call('searchSorted')(...inputs, ...args) as Grid).data,
  any: own,
  all: own,
  norm(inputs, [p = 2, dims]) {
    const most = Math.abs(p as number) === Infinity
    const sizes = zip(Math.abs, first(inputs))
    return [
      ...own(inputs, []),
      ...(most ? best((p as number) > 0 ? 'amax' : 'amin')([sizes], [dims]) : []),
    ]
  },
  sign: own,
  elu: own,
  selu: own,
  celu: own,
  floor: jumps(x => Math.floor(x)),
  ceil: jumps(x => Math.ceil(x)),
  round: jumps(x => Math.floor(x + 0.5)),
  trunc: inputs => first(inputs).data.map(x => Math.trunc(x) + 0.25 * Math.sign(x)),
  hardtanh: (inputs, [min = -1, max = 1]) =>
    first(inputs).data.map(
      x => Math.sign(x - (min as number)) + 3 * Math.sign(x - (max as number)),
    ),
  relu6: jumps(x => Math.sign(x) + 3 * Math.sign(x - 6)),
  hardsigmoid: jumps(x => Math.sign(x - 3) + 3 * Math.sign(x + 3)),
  hardswish: jumps(x => Math.sign(x - 3) + 3 * Math.sign(x + 3)),
  maximum: difference,
  minimum: difference,
  equal: difference,
  notEqual: difference,
  less: difference,
  lessEqual: difference,
  greater: difference,
  greaterEqual: difference,
  l1Loss: difference,
  smoothL1Loss: bent('beta'),
  huberLoss: bent('delta'),
  amax: best('amax'),
  amin: best('amin'),
  max: best('amax'),
  min: best('amin'),
  argmax: best('amax'),
  argmin: best('amin'),
  maxPool2d: places,
  maxPool2dWithIndices: places,
  linear: fused('linear'),
  conv2d: fused('conv2d'),
  convTranspose2d: fused('convTranspose2d'),
  to: inputs => first(inputs).data.map(x => Math.trunc(x) + 0.25 * Math.sign(x)),
}

export function signatureOf(
  op: OpName,
  inputs: readonly Given[],
  args: readonly unknown[],
): string {
  const signature = signatures[op]
  return signature ? Array.from(signature(inputs, args)).join() : ''
}

/** Whether the inputs are closer to a kink than float32 can be trusted. */
export function isAtKink(
  op: OpName,
  inputs: readonly Given[],
  args: readonly unknown[],
  random: Random,
): boolean {
  // x / x: its gradients cancel, and what is left of them is rounding
  if (op === 'div' && isSame(inputs)) return true
  if (/^(normalize|cosineSimilarity)$/.test(op)) return true // steep near 0
  if (op === 'std' || op === 'norm')
    return (call(op)(...inputs, ...args) as Grid).data.some(y => y < 0.02)
  if (/Norm$/.test(op)) return isSteep(op, inputs, args, random)
  if (!signatures[op]) return false
  if (/^a?(rg)?(max|min)$/.test(op) && first(inputs).data.length === 0) return true // refused
  const here = signatureOf(op, inputs, args)
  const near = (x: number) => x + 4e-3 * Math.max(1, Math.abs(x)) * (random() - 0.5)
  return Array.from({ length: 6 }).some(() => {
    const moved = inputs.map(x => (x === null || typeof x === 'number' ? x : zip(near, x)))
    return signatureOf(op, moved, args) !== here
  })
}

function isSame([a, b]: readonly Given[]): boolean {
  const [x, y] = [a, b].map(given => (given as Grid | null)?.data)
  return !!x && !!y && x.length === y.length && x.every((v, i) => v === y[i])
}

/** Whether a set has nearly equal elements: normalized, they are rounding errors, magnified. */
function isSteep(
  op: OpName,
  [x, ...rest]: readonly Given[],
  args: readonly unknown[],
  random: Random,
): boolean {
  const y = (of: Grid) => call(op)(of, ...rest, ...args) as Grid
  const near = zip(v => v + 1e-3 * Math.max(1, Math.abs(v)) * (random() - 0.5), x as Grid)
  const [a, b] = [y(x as Grid), y(near)]
  return a.data.some((v, i) => Math.abs(v - b.data[i]) > 0.01)
}

function call(op: OpName): (...args: unknown[]) => unknown {
  return (table as Record<string, Row>)[op].f as never
}
