/** The ops of this library under PyTorch's names, each a function of tensors and options. */
import * as kg from '../../src/index.js'
import type { Params } from './file.js'

type Tensor = kg.Tensor
/** `named` has the inputs again, by their names in the table of ops. */
type Op = (inputs: Tensor[], params: Params, named: Record<string, Tensor>) => Tensor | Tensor[]

const dims = (p: Params) => (p.dim === null ? undefined : (p.dim as number[]))
const reduction = (p: Params) => ({ reduction: p.reduction as 'mean' })
const n = (value: unknown) => value as number
const orNothing = (value: unknown) => (value === null ? undefined : (value as number))

const classes = (p: Params, weight?: Tensor) => ({
  ...reduction(p),
  weight,
  ignoreIndex: p.ignore_index as number | undefined,
  labelSmoothing: p.label_smoothing as number,
})
const window = (p: Params) => ({
  stride: p.stride as kg.Size2d,
  padding: p.padding as kg.Size2d,
  dilation: p.dilation as kg.Size2d,
  groups: p.groups as number,
})
const patches = (p: Params) => ({
  stride: p.stride as kg.Size2d | undefined,
  padding: p.padding as kg.Size2d | undefined,
  dilation: p.dilation as kg.Size2d | undefined,
})

const keep = (p: Params) => ({ keepdim: p.keepdim as boolean })
/** JSON has no infinities. */
const power = (p: unknown) => (typeof p === 'string' ? Number(p.replace('inf', 'Infinity')) : n(p))
const whole = (value: unknown) => value as number[]

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
  cat: (xs, p) => kg.cat(xs, n(p.dim)),
  stack: (xs, p) => kg.stack(xs, n(p.dim)),
  gather: ([x, index], p) => kg.gather(x, n(p.dim), index),
  index_select: ([x, index], p) => kg.indexSelect(x, n(p.dim), index),
  embedding: ([index, w], p) => kg.embedding(index, w, { paddingIdx: p.padding_idx as number | null }),
  max: ([x], p) => kg.max(x, n(p.dim), { keepdim: p.keepdim as boolean }),
  min: ([x], p) => kg.min(x, n(p.dim), { keepdim: p.keepdim as boolean }),
  max_all: ([x]) => kg.max(x),
  min_all: ([x]) => kg.min(x),
  amax: ([x], p) => kg.amax(x, dims(p), { keepdim: p.keepdim as boolean }),
  amin: ([x], p) => kg.amin(x, dims(p), { keepdim: p.keepdim as boolean }),
  var: ([x], p) => kg.variance(x, dims(p), { unbiased: p.unbiased as boolean, keepdim: p.keepdim as boolean }),
  dropout: ([x], p) => kg.dropout(x, n(p.p), { training: p.training as boolean }),
  avg_pool2d: ([x], p) => kg.avgPool2d(x, p.kernel_size as kg.Size2d, {
    stride: (p.stride ?? undefined) as kg.Size2d, padding: p.padding as kg.Size2d, ceilMode: p.ceil_mode as boolean,
    countIncludePad: p.count_include_pad as boolean, divisorOverride: p.divisor_override as number | null,
  }),
  adaptive_avg_pool2d: ([x], p) => kg.adaptiveAvgPool2d(x, p.output_size as [number, number]),
  batch_norm: ([x], p, { w, b, running_mean, running_var }) => {
    const [runningMean, runningVar] = [running_mean, running_var].map(t => t && kg.add(t, 0)) // copies
    const { training, momentum, eps } = p as { training: boolean; momentum: number; eps: number }
    const y = kg.batchNorm(x, { weight: w, bias: b, runningMean, runningVar, training, momentum, eps })
    return training && runningMean ? [y, runningMean, runningVar] : y
  },
  layer_norm: ([x], p, { w, b }) => kg.layerNorm(x, p.normalized_shape as number[], { weight: w, bias: b, eps: n(p.eps) }),
  softmax: ([x], p) => kg.softmax(x, n(p.dim)),
  log_softmax: ([x], p) => kg.logSoftmax(x, n(p.dim)),
  l1_loss: ([x, t], p) => kg.l1Loss(x, t, reduction(p)),
  smooth_l1_loss: ([x, t], p) => kg.smoothL1Loss(x, t, { ...reduction(p), beta: n(p.beta) }),
  huber_loss: ([x, t], p) => kg.huberLoss(x, t, { ...reduction(p), delta: n(p.delta) }),
  bce_loss: ([x, t], p, { weight }) => kg.binaryCrossEntropy(x, t, { ...reduction(p), weight }),
  bce_with_logits: ([x, t], p, { weight, pos_weight: posWeight }) =>
    kg.binaryCrossEntropyWithLogits(x, t, { ...reduction(p), weight, posWeight }),
  kl_div: ([x, t], p) => kg.klDiv(x, t, { ...reduction(p), logTarget: p.log_target as boolean }),
  nll_loss: ([x, t], p, { weight }) => kg.nllLoss(x, t, { ...reduction(p), weight, ignoreIndex: n(p.ignore_index) }),
  cross_entropy: ([x, t], p, { weight }) => kg.crossEntropy(x, t, classes(p, weight)),
  cross_entropy_soft: ([x, t], p, { weight }) => kg.crossEntropy(x, t, classes(p, weight)),
  mse_loss: ([x, target], p) => kg.mseLoss(x, target, reduction(p)),
  clone: ([x]) => kg.clone(x),
  tril: ([x], p) => kg.tril(x, n(p.diagonal)),
  triu: ([x], p) => kg.triu(x, n(p.diagonal)),
  masked_fill: ([x, mask], p) => kg.maskedFill(x, mask, n(p.value)),
  pad: ([x], p) => kg.pad(x, whole(p.pad), { mode: p.mode as 'constant', value: n(p.value) }),
  split: ([x], p) => kg.split(x, whole(p.sizes), n(p.dim)),
  repeat: ([x], p) => kg.repeat(x, whole(p.repeats)),
  tile: ([x], p) => kg.tile(x, whole(p.repeats)),
  roll: ([x], p) => kg.roll(x, whole(p.shifts), p.dims as number[]),
  flip: ([x], p) => kg.flip(x, whole(p.dims)),
  sign: ([x]) => kg.sign(x),
  floor: ([x]) => kg.floor(x),
  ceil: ([x]) => kg.ceil(x),
  round: ([x]) => kg.round(x),
  trunc: ([x]) => kg.trunc(x),
  isnan: ([x]) => kg.isNaN(x),
  isfinite: ([x]) => kg.isFinite(x),
  isinf: ([x]) => kg.isInf(x),
  elu: ([x], p) => kg.elu(x, p.alpha as number),
  selu: ([x]) => kg.selu(x),
  celu: ([x], p) => kg.celu(x, n(p.alpha)),
  hardtanh: ([x], p) => kg.hardtanh(x, p.min_val as number, p.max_val as number),
  relu6: ([x]) => kg.relu6(x),
  hardsigmoid: ([x]) => kg.hardsigmoid(x),
  hardswish: ([x]) => kg.hardswish(x),
  mish: ([x]) => kg.mish(x),
  norm: ([x], p) => kg.norm(x, power(p.p), whole(p.dim), keep(p)),
  prod: ([x], p) => kg.prod(x, p.dim as number, keep(p)),
  cumsum: ([x], p) => kg.cumsum(x, n(p.dim)),
  logsumexp: ([x], p) => kg.logSumExp(x, whole(p.dim), keep(p)),
  any: ([x], p) => kg.any(x, n(p.dim), keep(p)),
  all: ([x], p) => kg.all(x, n(p.dim), keep(p)),
  diagonal: ([x], p) => kg.diagonal(x, p),
  diag_embed: ([x], p) => kg.diagEmbed(x, n(p.offset)),
  trace: ([x]) => kg.trace(x),
  unfold: ([x], p) => kg.unfold(x, n(p.dimension), n(p.size), n(p.step)),
  im2col: ([x], p) => kg.im2col(x, p.kernel_size as kg.Size2d, patches(p)),
  col2im: ([x], p) => kg.col2im(x, p.output_size as kg.Size2d, p.kernel_size as kg.Size2d, patches(p)),
  max_pool1d: ([x], p) => kg.maxPool1d(x, n(p.kernel_size), {
    stride: p.stride as number, padding: p.padding as number, dilation: p.dilation as number, ceilMode: p.ceil_mode as boolean,
  }),
  avg_pool1d: ([x], p) => kg.avgPool1d(x, n(p.kernel_size), {
    stride: p.stride as number, padding: p.padding as number, ceilMode: p.ceil_mode as boolean, countIncludePad: p.count_include_pad as boolean,
  }),
  conv_transpose1d: ([x, w, b], p) => kg.convTranspose1d(x, w, b, {
    stride: p.stride as number, padding: p.padding as number, dilation: p.dilation as number, groups: p.groups as number,
    outputPadding: p.output_padding as number,
  }),
  normalize: ([x], p) => kg.normalize(x, p),
  cosine_similarity: ([a, b], p) => kg.cosineSimilarity(a, b, p),
  unbind: ([x], p) => kg.unbind(x, n(p.dim)),
  logsigmoid: ([x]) => kg.logSigmoid(x),
  meshgrid: (xs, p) => kg.meshgrid(xs, { indexing: p.indexing as 'ij' }),
  one_hot: ([x], p) => kg.oneHot(x, n(p.num_classes)),
  sort: ([x], p) => kg.sort(x, n(p.dim), { descending: p.descending as boolean }),
  argsort: ([x], p) => kg.argsort(x, n(p.dim), { descending: p.descending as boolean }),
  topk: ([x], p) => kg.topk(x, n(p.k), n(p.dim), { largest: p.largest as boolean }),
  scatter: ([x, index, src], p) => kg.scatter(x, n(p.dim), index, src),
  scatter_add: ([x, index, src], p) => kg.scatterAdd(x, n(p.dim), index, src),
  searchsorted: ([s, v], p) => kg.searchSorted(s, v, { right: p.right as boolean }),
  einsum: (xs, p) => kg.einsum(p.equation as string, xs),
  scaled_dot_product_attention: ([q, k, v, mask], p) =>
    kg.scaledDotProductAttention(q, k, v, { mask, isCausal: p.is_causal as boolean, scale: (p.scale ?? undefined) as number }),
}

/** The names of inputs, in order, for ops that may lack one in the middle. */
// biome-ignore format: a table reads in columns
const names: Record<string, string[]> = {
  bce_loss:           ['x', 'target', 'weight'],
  bce_with_logits:    ['x', 'target', 'weight', 'pos_weight'],
  nll_loss:           ['x', 'target', 'weight'],
  cross_entropy:      ['x', 'target', 'weight'],
  cross_entropy_soft: ['x', 'target', 'weight'],
  batch_norm:         ['x', 'w', 'b', 'running_mean', 'running_var'],
  layer_norm:         ['x', 'w', 'b'],
}

/** A small graph: steps [result, op, inputs, params], where results have names. */
export function program(inputs: Record<string, Tensor>, params: Params): Tensor[] {
  const values: Record<string, Tensor> = { ...inputs }
  type Step = [to: string | string[], op: string, from: (string | null)[], params: Params]
  for (const [to, op, from, p] of params.steps as Step[]) {
    const given = from.map(name => (name === null ? undefined : values[name]) as Tensor)
    const named = Object.fromEntries((names[op] ?? []).map((name, i) => [name, given[i]]))
    const results = [ops[op](given, p, named)].flat()
    for (const [i, name] of [to].flat().entries()) values[name] = results[i]
  }
  return (params.outputs as string[]).map(name => values[name])
}

/** The ops of a case that this library lacks. */
export function lacking(op: string, params: Params): string[] {
  const needed =
    op === 'program' ? (params.steps as [unknown, string][]).map(([, name]) => name) : [op]
  return [...new Set(needed.filter(name => !(name in ops)))]
}
