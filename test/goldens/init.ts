/** Compares the initial values of layers and of nn.init with PyTorch's. */
import { manualSeed, nn, type Tensor, zeros } from '../../src/index.js'
import { type Goldens, parseGoldens } from './file.js'
import { type Verdict, worstOf } from './judge.js'
import type { Outcome } from './run.js'

/** The keys of quantiles of many draws, from the smallest value to the largest. */
interface Spread {
  quantiles: string
  count: number
  min: number
  max: number
  /** The values are uniform between −bound and bound. */
  bound?: number
}

interface LayerCase {
  name: string
  kind: 'layer'
  layer: string
  args: unknown[]
  kwargs: Record<string, unknown>
  repeats: number
  params: Record<string, Spread & { shape: number[] }>
  buffers: Record<string, { shape: number[]; values: number[] }>
}

interface FunctionCase {
  name: string
  kind: 'function'
  function: string
  shape: number[]
  kwargs: Record<string, unknown>
  repeats: number
  fan_in: number
  fan_out: number
  expected_std: number
  bound?: number
  weight: Spread
}

interface GainCase {
  name: string
  kind: 'gain'
  nonlinearity: string
  param: number | null
  gain: number
}

type InitCase = LayerCase | FunctionCase | GainCase
type At = Goldens['at']

/** Runs the cases of a file of initial values. */
export async function runInit(
  bytes: Uint8Array,
  name: string,
  only: (one: { name: string; op: string }) => boolean = () => true,
): Promise<Outcome[]> {
  const { cases, at } = parseGoldens<InitCase>(bytes, name)
  const outcomes: Outcome[] = []
  for (const [i, one] of cases.entries()) {
    const outcome = { name: one.name, op: opOf(one), ratio: 0, worst: '', lacks: lacking(one) }
    if (!only(outcome)) continue
    manualSeed(i) // a case draws the same numbers alone and among others
    if (outcome.lacks.length === 0) {
      const failed = (error: Error): Verdict => ({ ratio: Infinity, worst: error.message })
      Object.assign(outcome, await runCase(one, at).catch(failed))
    }
    outcomes.push(outcome)
  }
  return outcomes
}

function opOf(one: InitCase): string {
  if (one.kind === 'gain') return 'gain'
  return one.kind === 'layer' ? one.layer : one.function
}

/** The layer, or the function of nn.init, that this library lacks. */
function lacking(one: InitCase): string[] {
  if (one.kind === 'gain') return []
  const known = one.kind === 'layer' ? one.layer in nn : camel(one.function) in nn.init
  return known ? [] : [opOf(one)]
}

async function runCase(one: InitCase, at: At): Promise<Verdict> {
  if (one.kind === 'layer') return ofLayer(one, at)
  if (one.kind === 'function') return ofFunction(one, at)
  const gain = nn.init.calculateGain(
    camel(one.nonlinearity) as nn.init.Nonlinearity,
    one.param ?? undefined,
  )
  return verdict('the gain', gain, one.gain, 1e-12)
}

type Layer = new (...args: unknown[]) => nn.Module<unknown>

/** Many layers of a kind: names and shapes, all values of the parameters, the buffers. */
async function ofLayer({ layer, args, kwargs, ...one }: LayerCase, at: At): Promise<Verdict> {
  const Made = (nn as unknown as Record<string, Layer>)[layer]
  const options = camelOptions(kwargs)
  const make = () => new Made(...args, ...(Object.keys(options).length > 0 ? [options] : []))
  const first = make()
  const parameters = new Map(first.namedParameters())
  const buffers = new Map(first.namedTensors().filter(([, t]) => !t.requiresGrad))
  const verdicts = [
    sameShapes('parameters', parameters, one.params),
    sameShapes('buffers', buffers, one.buffers),
  ]
  if (verdicts.some(({ ratio }) => ratio > 0)) return worstOf(verdicts)
  for (const [name, { values }] of Object.entries(one.buffers)) {
    const strange = (await buffers.get(name)!.data()).find(value => !values.includes(value))
    verdicts.push(verdict(name, strange ?? values[0], values[0], 0))
  }
  const layers = Array.from({ length: one.repeats }, make)
  for (const [name, spread] of Object.entries(one.params)) {
    const drawn = layers.map(made => new Map(made.namedParameters()).get(name)!)
    verdicts.push(...ofValues(name, await together(drawn), spread, at))
  }
  return worstOf(verdicts)
}

type Fill = (t: Tensor, options: unknown) => Tensor

async function ofFunction(
  { shape, kwargs, weight, ...one }: FunctionCase,
  at: At,
): Promise<Verdict> {
  const name = camel(one.function)
  const fill = (nn.init as unknown as Record<string, Fill>)[name]
  const options = 'gain' in kwargs ? kwargs.gain : camelOptions(kwargs)
  const filled = Array.from({ length: one.repeats }, () => {
    const t = zeros(shape)
    return Object.keys(kwargs).length > 0 ? fill(t, options) : (fill as (t: Tensor) => Tensor)(t)
  })
  const values = await together(filled)
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1)
  const std = one.expected_std
  const { fanIn, fanOut } = nn.init.fans(shape)
  return worstOf([
    verdict('the fan-in', fanIn, one.fan_in, 0),
    verdict('the fan-out', fanOut, one.fan_out, 0),
    // the standard deviation of n normal numbers deviates by σ/√(2n); of uniform ones by less
    verdict(
      'the standard deviation',
      Math.sqrt(variance),
      std,
      (5 * std) / Math.sqrt(2 * values.length),
    ),
    ...ofValues(name, values, { ...weight, bound: one.bound }, at),
  ])
}

/**
 * All within the bound, and distributed as PyTorch's were. For n and m draws from one distribution,
 * the fractions below any value differ by more than 2 √(1/n + 1/m) once in 1,500 times
 * (Kolmogorov & Smirnov).
 */
function ofValues(name: string, values: Float64Array, spread: Spread, at: At): Verdict[] {
  const { quantiles, count, min, max, bound } = spread
  if (min === max) {
    const strange = values.find(value => value !== min)
    return [verdict(name, strange ?? min, min, 0)]
  }
  values.sort()
  const verdicts: Verdict[] = []
  if (bound) {
    const furthest = Math.max(-values[0], values.at(-1)!)
    // none above it but by rounding; and one of n within 10/n of it, but for once in e¹⁰ times
    const room = furthest > bound ? 1e-6 : 10 / values.length
    verdicts.push(verdict(`${name}: the largest`, furthest, bound, room * bound))
  }
  const allowed = 2 * Math.sqrt(1 / values.length + 1 / count)
  const levels = at(quantiles).data as Float64Array
  for (const [i, level] of levels.entries()) {
    const share = i / (levels.length - 1)
    // where many values are equal (zeros of padding), any fraction from < to ≤ is right
    const [least, most] = [below(values, level), below(values, level + 1e-7 * Math.abs(level))]
    const got = Math.min(Math.max(share, least), most)
    verdicts.push(verdict(`${name}: the share below ${level.toPrecision(3)}`, got, share, allowed))
  }
  return verdicts
}

/** The fraction of sorted values below a level. */
function below(values: Float64Array, level: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] < level) low = middle + 1
    else high = middle
  }
  return low / values.length
}

/** All elements of several tensors. */
async function together(tensors: readonly Tensor[]): Promise<Float64Array> {
  const parts = await Promise.all(tensors.map(t => t.data()))
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function sameShapes(
  what: string,
  got: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  want: Record<string, { shape: number[] }>,
): Verdict {
  const words = (entries: Iterable<[string, { readonly shape: readonly number[] }]>) =>
    [...entries].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ') || 'none'
  const [mine, theirs] = [words(got), words(Object.entries(want))]
  if (mine === theirs) return { ratio: 0, worst: 'equal' }
  return { ratio: Infinity, worst: `${what}: ${mine} instead of ${theirs}` }
}

function verdict(what: string, got: number, want: number, allowed: number): Verdict {
  const difference = Math.abs(got - want)
  if (difference === 0) return { ratio: 0, worst: 'equal' }
  const ratio = allowed > 0 ? difference / allowed : Infinity
  const worst = `${what} is ${got} instead of ${want}, may be off by ${allowed.toExponential(1)}`
  return { ratio: Number.isNaN(ratio) ? Infinity : ratio, worst }
}

/** padding_idx → paddingIdx, xavier_uniform_ → xavierUniform */
function camel(name: string): string {
  return name.replace(/_$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Options under this library's names; PyTorch's words ('fan_out') likewise. */
function camelOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      camel(key),
      typeof value === 'string' ? camel(value) : value,
    ]),
  )
}
