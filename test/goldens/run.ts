/** Runs cases: inputs, views, the op, gradients, verdicts. */
import * as kg from '../../src/index.js'
import { openScope } from '../../src/tensor/scope.js'
import {
  byFormula,
  type Case,
  type Formula,
  type Goldens,
  type Input,
  type ViewStep,
} from './file.js'
import { judge, type Leniency, type Verdict, worstOf } from './judge.js'
import { lacking, ops, program } from './ops.js'

type Tensor = kg.Tensor

export interface Outcome {
  name: string
  op: string
  /** The worst error of outputs and gradients / its bound; passed up to 1. */
  ratio: number
  worst: string
  /** Ops that the library lacks; if there are any, the case did not run. */
  lacks: string[]
}

/** Runs every case of a file. */
export async function runCases(
  { cases, at }: Goldens,
  only = (_: Case) => true,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const one of cases.filter(only)) {
    const lacks = lacking(one.op, one.params)
    const scope = openScope()
    try {
      const verdict = lacks.length > 0 ? { ratio: 0, worst: '' } : await runCase(one, at)
      outcomes.push({ name: one.name, op: one.op, ...verdict, lacks })
    } catch (error) {
      outcomes.push({
        name: one.name,
        op: one.op,
        ratio: Infinity,
        worst: (error as Error).message,
        lacks,
      })
    } finally {
      scope.close()
    }
  }
  return outcomes
}

const exactly = { abs: 0, rel: 0, scale: 0 }

async function runCase(one: Case, at: Goldens['at']): Promise<Verdict> {
  const leaves = one.inputs.map(input => leaf(input, at))
  const seen = one.inputs.map(({ views = [] }, i) => views.reduce(applyView, leaves[i]))
  const named = Object.fromEntries(one.inputs.map(({ name }, i) => [name, seen[i]]))
  const result =
    one.op === 'program'
      ? program(named, one.params)
      : ops[one.op](inOrder(one, named), one.params, named)
  const outputs = Array.isArray(result) ? result : [result]

  const verdicts: Verdict[] = []
  for (const [i, truth] of one.outputs.entries()) {
    if (`${outputs[i].shape}` !== `${truth.shape}`)
      return {
        ratio: Infinity,
        worst: `${truth.name} is [${outputs[i].shape}], not [${truth.shape}]`,
      }
    verdicts.push(
      of(truth.name, judge(await outputs[i].data(), { err: exactly, ...truth }, at, leniency(one))),
    )
  }
  const started = one.outputs.flatMap((truth, i) => {
    const size = outputs[i].size
    const gout = truth.gout
      ? (at(truth.gout).data as Float32Array)
      : truth.gout_formula && byFormula(truth.gout_formula, size)
    return gout ? [kg.sum(kg.mul(outputs[i], kg.tensor(gout, { shape: outputs[i].shape })))] : []
  })
  const total = started.reduce<Tensor | null>((a, b) => (a ? kg.add(a, b) : b), null)
  if (total?.requiresGrad) kg.backward(total)
  for (const [i, { name, grad }] of one.inputs.entries()) {
    if (!grad) continue
    const got = leaves[i].grad ? await leaves[i].grad!.data() : new Float32Array(leaves[i].size)
    verdicts.push(of(`d${name}`, judge(got, grad, at, leniency(one))))
  }
  return worstOf(verdicts)
}

/** A verdict that names the result. */
function of(name: string, verdict: Verdict): Verdict {
  return { ...verdict, worst: `${name}: ${verdict.worst}` }
}

/** The op's inputs in order, without omitted ones at the end. */
function inOrder(one: Case, named: Record<string, Tensor>): Tensor[] {
  return one.inputs.map(({ name }) => named[name])
}

function leaf(input: Input, at: Goldens['at']): Tensor {
  if (input.formula) return fromFormula(input.formula, input.shape!, Boolean(input.grad))
  const { dtype, shape, data } = at(input.key!)
  const type = dtype === 'BOOL' ? 'bool' : dtype === 'I32' ? 'i32' : 'f32'
  return kg.tensor(data as Float32Array, { shape, dtype: type, requiresGrad: Boolean(input.grad) })
}

function fromFormula(formula: Formula, shape: number[], requiresGrad: boolean): Tensor {
  const size = shape.reduce((product, s) => product * s, 1)
  return kg.tensor(byFormula(formula, size), { shape, requiresGrad })
}

function applyView(x: Tensor, [name, ...args]: ViewStep): Tensor {
  const views: Record<string, (...a: never[]) => Tensor> = {
    transpose: (a: number, b: number) => kg.transpose(x, a, b),
    permute: (dims: number[]) => kg.permute(x, dims),
    slice: (dim: number, start: number, stop: number, step: number) =>
      kg.slice(x, dim, { start, stop, step }),
    narrow: (dim: number, start: number, length: number) => kg.narrow(x, dim, start, length),
    select: (dim: number, index: number) => kg.select(x, dim, index),
    expand: (shape: number[]) => kg.expand(x, shape),
    reshape: (shape: number[]) => kg.reshape(x, shape),
    squeeze: (dim: number) => kg.squeeze(x, dim),
    unsqueeze: (dim: number) => kg.unsqueeze(x, dim),
  }
  return views[name](...(args as never[]))
}

const wide = new Set(['exp', 'log', 'pow', 'pow_scalar'])

/** Ops without sums, and softmax: PyTorch's sensitivity would be far too wide a bound there. */
// biome-ignore format: a list reads in lines
const elementwise = new Set([
  'add', 'sub', 'mul', 'div', 'add_scalar', 'sub_scalar', 'rsub_scalar', 'mul_scalar', 'div_scalar', 'rdiv_scalar',
  'maximum', 'minimum', 'neg', 'sqrt', 'abs', 'clamp', 'relu', 'leaky_relu', 'tanh', 'sigmoid', 'softplus', 'gelu', 'silu',
  'where', 'softmax', 'log_softmax', ...wide, 'detach', 'dropout', 'transpose', 'permute', 'reshape', 'flatten', 'squeeze',
  'unsqueeze', 'slice', 'narrow', 'select', 'chunk', 'cat', 'stack', 'gather', 'index_select', 'embedding',
  'clone', 'tril', 'triu', 'masked_fill', 'pad', 'split', 'repeat', 'tile', 'roll', 'flip', 'sign', 'floor', 'ceil', 'round', 'trunc',
  'elu', 'selu', 'celu', 'hardtanh', 'relu6', 'hardsigmoid', 'hardswish', 'mish', 'diagonal', 'diag_embed', 'sort', 'topk', 'scatter',
])

function leniency({ op }: Case): Leniency {
  return {
    sensitive: !elementwise.has(op),
    relative: wide.has(op),
  }
}
