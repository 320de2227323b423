/** Compares layers with PyTorch's: names of the state, outputs, gradients and running statistics. */
import { add, mul, nn, sum, Tensor, tensor } from '../../src/index.js'
import { fromHost } from '../../src/io/state.js'
import { openScope } from '../../src/tensor/scope.js'
import { type Goldens, parseGoldens, type Truth } from './file.js'
import { judge, type Verdict, worstOf } from './judge.js'
import { build, camelCase } from './optim.js'
import type { Outcome } from './run.js'

/** A shape, or a list of inputs that belong together. */
type Shapes = (number | Shapes)[]

interface LayerCase {
  name: string
  layer: string
  args: unknown[]
  kwargs: Record<string, unknown>
  shapes: Shapes[]
  /** Other arguments of `forward`, by PyTorch's names. */
  call: Record<string, unknown>
  masks: string[]
  /** After one step of training. */
  eval: boolean
  state: string[]
  outputs: Record<string, Truth>
  /** Of `input0`, …, and of the parameters. */
  grads: Record<string, Truth>
  buffers: Record<string, Truth>
}

type Layer = nn.Module<unknown>
type At = Goldens['at']

const leniency = { sensitive: false, relative: false }

/** Runs the cases of a file of the group layers. */
export async function runLayers(
  bytes: Uint8Array,
  name: string,
  only: (one: { name: string; op: string }) => boolean = () => true,
): Promise<Outcome[]> {
  const { cases, at } = parseGoldens<LayerCase>(bytes, name)
  const outcomes: Outcome[] = []
  for (const one of cases) {
    const lacks = one.layer in nn ? [] : [`nn.${one.layer}`]
    const outcome = { name: one.name, op: one.layer, ratio: 0, worst: '', lacks }
    if (!only(outcome)) continue
    const scope = openScope()
    try {
      if (lacks.length === 0) Object.assign(outcome, await runCase(one, at))
    } catch (error) {
      Object.assign(outcome, { ratio: Infinity, worst: (error as Error).message })
    } finally {
      scope.close()
    }
    outcomes.push(outcome)
  }
  return outcomes
}

async function runCase(one: LayerCase, at: At): Promise<Verdict> {
  const of = (part: string) => at(`${one.name}/${part}`)
  const options = Object.keys(one.kwargs).length > 0 ? [camelCase(one.kwargs)] : []
  const layer = build<Layer>(one.layer, ...one.args, ...options)
  const state = Object.keys(layer.stateDict())
  if (`${state}` !== `${one.state}`)
    return { ratio: Infinity, worst: `the state has ${state} instead of ${one.state}` }
  layer.loadStateDict(fromHost(Object.fromEntries(state.map(key => [key, of(`state.${key}`)]))))

  let count = 0
  const inputs: Tensor[] = []
  const make = (shape: Shapes): unknown => {
    if (Array.isArray(shape[0])) return (shape as Shapes[]).map(make)
    const data = of(`input${count++}`).data as Float32Array
    inputs.push(tensor(data, { shape: shape as number[], requiresGrad: true }))
    return inputs.at(-1)
  }
  const given = one.shapes.map(make)
  const masks = one.masks.map(mask => {
    const { data, shape } = of(`mask.${mask}`)
    return [mask, tensor(data as Uint8Array, { shape, dtype: 'bool' })]
  })
  const more = camelCase({ ...Object.fromEntries(masks), ...one.call })
  const args = Object.keys(more).length > 0 ? [...given, more] : given
  if (one.eval) {
    layer.forward(...args)
    layer.eval()
  }
  const outputs = flat(layer.forward(...args))
  const terms = outputs.map((y, i) => {
    const { data, shape } = of(`gout${i}`)
    return sum(mul(y, tensor(data as Float32Array, { shape })))
  })
  terms.reduce((a, b) => add(a, b)).backward()

  const got: Record<string, Tensor | null> = {}
  for (const [i, y] of outputs.entries()) got[`outputs.${i}`] = y
  for (const [i, x] of inputs.entries()) got[`grads.input${i}`] = x.grad
  for (const [name, p] of layer.namedParameters()) got[`grads.${name}`] = p.grad
  for (const [name, t] of layer.namedTensors()) got[`buffers.${name}`] ??= t
  const verdicts: Verdict[] = []
  for (const part of ['outputs', 'grads', 'buffers'] as const)
    for (const [name, truth] of Object.entries(one[part])) {
      const t = got[`${part}.${name}`]
      const shown = `${part} ${name}`
      if (`${t?.shape}` !== `${truth.shape}`)
        verdicts.push({ ratio: Infinity, worst: `${shown} is ${t}, not [${truth.shape}]` })
      else {
        const verdict = judge(await t!.data(), truth, at, leniency)
        verdicts.push({ ...verdict, worst: `${shown}: ${verdict.worst}` })
      }
    }
  return worstOf(verdicts)
}

/** All tensors of a result, in order. */
function flat(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value]
  return Array.isArray(value) ? value.flatMap(flat) : []
}
