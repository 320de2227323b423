/** Pooling and resizing as ONNX nodes. */
import { nn } from '../../../index.js'
import { along, bothEnds } from './affine.js'
import { line, type Place, refuse } from './convert.js'
import type { Attributes } from './graph.js'

export const pools = [
  line(nn.MaxPool1d, (layer, at) => pooled('MaxPool', layer, 1, at)),
  line(nn.MaxPool2d, (layer, at) => pooled('MaxPool', layer, 2, at)),
  line(nn.AvgPool1d, (layer, at) => pooled('AveragePool', layer, 1, at)),
  line(nn.AvgPool2d, (layer, at) => pooled('AveragePool', layer, 2, at)),
  line(nn.AdaptiveAvgPool2d, (layer, at) => {
    const { graph, name, x, to } = at
    const [from, size] = [x.shape.slice(1), to.slice(1)]
    if (from.some((n, i) => n % size[i] !== 0))
      refuse(at, layer, `[${from}] pixels do not divide into [${size}]; use an AvgPool2d instead`)
    const window = from.map((n, i) => n / size[i])
    return graph.node('AveragePool', name, [x.name], { kernel_shape: window, strides: window })
  }),
  line(nn.Upsample, (layer, at) => {
    const { graph, name, x, to } = at
    const { mode = 'nearest', alignCorners = false, scaleFactor } = layer.options
    const factors = scaleFactor === undefined ? null : along(2, scaleFactor)
    if (factors?.some((f, i) => f * x.shape[i + 1] !== to[i + 1]) && !alignCorners)
      refuse(at, layer, `scaleFactor ${scaleFactor} does not give whole pixels; use size instead`)
    const scales = to.slice(1).map((n, i) => n / x.shape[i + 1])
    const sizes = Float32Array.of(1, 1, ...scales)
    const inputs = [x.name, '', graph.constant(`${name}.scales`, sizes, [4])]
    const [linear, coordinates] = [
      mode === 'bilinear',
      alignCorners ? 'align_corners' : 'half_pixel',
    ]
    return graph.node('Resize', name, inputs, {
      mode: linear ? 'linear' : 'nearest',
      coordinate_transformation_mode: linear ? coordinates : 'asymmetric',
      nearest_mode: 'floor',
    })
  }),
]

type Pool = nn.MaxPool1d | nn.MaxPool2d | nn.AvgPool1d | nn.AvgPool2d

interface Options {
  stride?: number | readonly number[]
  padding?: number | readonly number[]
  dilation?: number | readonly number[]
  countIncludePad?: boolean
  divisorOverride?: number | null
}

/** ceilMode becomes padding at the end, which no maximum sees. */
function pooled(opType: 'MaxPool' | 'AveragePool', layer: Pool, dims: number, at: Place): string {
  const { graph, name, x, to } = at
  const options: Options = layer.options
  const kernel = along(dims, layer.kernelSize)
  const stride = along(dims, options.stride ?? kernel)
  const padding = along(dims, options.padding ?? 0)
  const dilation = along(dims, options.dilation ?? 1)
  const more = kernel.map((k, i) => {
    const end = (to[i + 1] - 1) * stride[i] + dilation[i] * (k - 1) + 1
    return Math.max(0, end - x.shape[i + 1] - 2 * padding[i])
  })
  const isMax = opType === 'MaxPool'
  if (!isMax && more.some(n => n > 0))
    refuse(
      at,
      layer,
      'ceilMode gives means of part windows, which ONNX defines otherwise; leave it out',
    )
  if ((options.divisorOverride ?? null) !== null)
    refuse(
      at,
      layer,
      'ONNX has no divisorOverride; leave it out, and scale the next weights instead',
    )
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides: stride,
    pads: bothEnds(padding, more),
  }
  if (isMax) attributes.dilations = dilation
  else attributes.count_include_pad = { i: Number(options.countIncludePad ?? true) }
  return graph.node(opType, name, [x.name], attributes)
}
