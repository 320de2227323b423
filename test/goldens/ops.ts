/** PyTorch's names for the ops that this library has, each as a function of tensors and its options. */
import * as kg from '../../src/index.js'
import type { Params } from './file.js'

type Tensor = kg.Tensor
type Op = (inputs: Tensor[], params: Params) => Tensor | Tensor[]

const dims = (p: Params) => (p.dim === null ? undefined : (p.dim as number[]))
const reduction = (p: Params) => ({ reduction: p.reduction as 'mean' })
const n = (value: unknown) => value as number
const orNothing = (value: unknown) => (value === null ? undefined : (value as number))

const window = (p: Params) => ({
  stride: p.stride as kg.Size2d,
  padding: p.padding as kg.Size2d,
  dilation: p.dilation as kg.Size2d,
  groups: p.groups as number,
})

// biome-ignore format: a table reads in columns
export const ops: Record<string, Op> = {
  add: ([a, b]) => kg.add(a, b),
  sub: ([a, b]) => kg.sub(a, b),
  mul: ([a, b]) => kg.mul(a, b),
  div: ([a, b]) => kg.div(a, b),
  add_scalar: ([x], p) => kg.add(x, n(p.scalar)),
  sub_scalar: ([x], p) => kg.sub(x, n(p.scalar)),
  rsub_scalar: ([x], p) => kg.sub(n(p.scalar), x),
  mul_scalar: ([x], p) => kg.mul(x, n(p.scalar)),
  div_scalar: ([x], p) => kg.div(x, n(p.scalar)),
  rdiv_scalar: ([x], p) => kg.div(n(p.scalar), x),
  pow_scalar: ([x], p) => kg.pow(x, n(p.exponent)),
  pow: ([a, b]) => kg.pow(a, b),
  maximum: ([a, b]) => kg.maximum(a, b),
  minimum: ([a, b]) => kg.minimum(a, b),
  neg: ([x]) => kg.neg(x),
  exp: ([x]) => kg.exp(x),
  log: ([x]) => kg.log(x),
  sqrt: ([x]) => kg.sqrt(x),
  abs: ([x]) => kg.abs(x),
  clamp: ([x], p) => kg.clamp(x, { min: orNothing(p.min), max: orNothing(p.max) }),
  relu: ([x]) => kg.relu(x),
  leaky_relu: ([x], p) => kg.leakyRelu(x, n(p.negative_slope)),
  tanh: ([x]) => kg.tanh(x),
  sigmoid: ([x]) => kg.sigmoid(x),
  softplus: ([x], p) => kg.softplus(x, { beta: n(p.beta), threshold: n(p.threshold) }),
  gelu: ([x], p) => kg.gelu(x, { approximate: p.approximate as 'none' }),
  silu: ([x]) => kg.silu(x),
  where: ([cond, a, b]) => kg.where(cond, a, b),
  detach: ([x]) => kg.detach(x),
  sum: ([x], p) => kg.sum(x, dims(p), { keepdim: p.keepdim as boolean }),
  mean: ([x], p) => kg.mean(x, dims(p), { keepdim: p.keepdim as boolean }),
  matmul: ([a, b]) => kg.matmul(a, b),
  linear: ([x, w, b]) => kg.linear(x, w, b),
  transpose: ([x], p) => kg.transpose(x, n(p.dim0), n(p.dim1)),
  permute: ([x], p) => kg.permute(x, p.dims as number[]),
  reshape: ([x], p) => kg.reshape(x, p.shape as number[]),
  flatten: ([x], p) => kg.flatten(x, n(p.start_dim), n(p.end_dim)),
  squeeze: ([x], p) => kg.squeeze(x, orNothing(p.dim)),
  unsqueeze: ([x], p) => kg.unsqueeze(x, n(p.dim)),
  slice: ([x], p) => kg.slice(x, n(p.dim), { start: p.start as number, stop: p.stop as number, step: n(p.step) }),
  narrow: ([x], p) => kg.narrow(x, n(p.dim), n(p.start), n(p.length)),
  select: ([x], p) => kg.select(x, n(p.dim), n(p.index)),
  chunk: ([x], p) => kg.chunk(x, n(p.chunks), n(p.dim)),
  expand: ([x], p) => kg.expand(x, p.shape as number[]),
  conv2d: ([x, w, b], p) => kg.conv2d(x, w, b, window(p)),
  conv_transpose2d: ([x, w, b], p) =>
    kg.convTranspose2d(x, w, b, { ...window(p), outputPadding: p.output_padding as kg.Size2d }),
  max_pool2d: ([x], p) => kg.maxPool2dWithIndices(x, p.kernel_size as kg.Size2d, {
    stride: (p.stride ?? undefined) as kg.Size2d, padding: p.padding as kg.Size2d,
    dilation: p.dilation as kg.Size2d, ceilMode: p.ceil_mode as boolean,
  }),
  vae_kld: ([mu, sigma]) => kg.vaeKld(mu, sigma),
  mse_loss: ([x, target], p) => kg.mseLoss(x, target, reduction(p)),
}

/** A small graph: steps of [result, op, inputs, params], each result under a name. */
export function program(inputs: Record<string, Tensor>, params: Params): Tensor[] {
  const values: Record<string, Tensor> = { ...inputs }
  for (const [to, op, from, p] of params.steps as [string | string[], string, string[], Params][]) {
    const result = ops[op](
      from.map(name => values[name]),
      p,
    )
    const results = Array.isArray(result) ? result : [result]
    const names = Array.isArray(to) ? to : [to]
    for (const [i, name] of names.entries()) values[name] = results[i]
  }
  return (params.outputs as string[]).map(name => values[name])
}

/** The ops that a case needs and this library lacks. */
export function lacking(op: string, params: Params): string[] {
  const needed =
    op === 'program' ? (params.steps as [unknown, string][]).map(([, name]) => name) : [op]
  return [...new Set(needed.filter(name => !(name in ops)))]
}
