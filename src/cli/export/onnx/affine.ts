/** Linear layers and convolutions as ONNX nodes. */
import { nn } from '../../../index.js'
import { line, type Place } from './convert.js'
import type { Attributes } from './graph.js'

export const affine = [
  line(nn.Linear, ({ weight, bias }, at) => {
    const { graph, name, x } = at
    const w = graph.weight(`${name}.weight`, weight)
    const b = bias ? [graph.weight(`${name}.bias`, bias)] : []
    if (x.shape.length === 1)
      return graph.node('Gemm', name, [x.name, w, ...b], { transB: { i: 1 } })
    const columns = graph.node('Transpose', `${name}.transposed`, [w], { perm: [1, 0] })
    if (!bias) return graph.node('MatMul', name, [x.name, columns])
    return graph.node('Add', name, [
      graph.node('MatMul', `${name}.product`, [x.name, columns]),
      ...b,
    ])
  }),
  line(nn.Conv1d, (layer, at) => convolution('Conv', layer, at)),
  line(nn.Conv2d, (layer, at) => convolution('Conv', layer, at)),
  line(nn.ConvTranspose1d, (layer, at) => convolution('ConvTranspose', layer, at)),
  line(nn.ConvTranspose2d, (layer, at) => convolution('ConvTranspose', layer, at)),
]

type Convolution = nn.Conv1d | nn.Conv2d | nn.ConvTranspose1d | nn.ConvTranspose2d

function convolution(opType: string, layer: Convolution, at: Place): string {
  const { graph, name, x } = at
  const { weight, bias, options } = layer
  const inputs = [x.name, graph.weight(`${name}.weight`, weight)]
  if (bias) inputs.push(graph.weight(`${name}.bias`, bias))
  const kernel = weight.shape.slice(2)
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides: along(kernel.length, stride),
    pads: bothEnds(along(kernel.length, padding)),
    dilations: along(kernel.length, dilation),
    group: { i: groups },
  }
  if ('outputPadding' in options && options.outputPadding)
    attributes.output_padding = along(kernel.length, options.outputPadding)
  return graph.node(opType, name, inputs, attributes)
}

/** An option for every dimension of a window. */
export function along(dims: number, size: number | readonly number[]): number[] {
  return typeof size === 'number' ? new Array(dims).fill(size) : [...size]
}

/** Padding at the beginning of every dimension, then at the end; there by `more` at the end. */
export function bothEnds(padding: readonly number[], more = padding.map(() => 0)): number[] {
  return [...padding, ...padding.map((p, i) => p + more[i])]
}
