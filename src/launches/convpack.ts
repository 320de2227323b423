/** The weights of a convolution in the order in which kernels in registers read them. */
import { isSoftware } from '../kernels/device.js'
import { convPackKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Pair } from '../tensor/window.js'
import type { Geometry } from './geometry.js'
import type { ConvRung } from './rungs/conv.js'

/** Whether packing saves more than its launch takes: on a GPU, from so many multiply-adds on. */
export function paysToPack({ y: [images, , oh, ow], w }: Geometry): boolean {
  return isSoftware() || images * oh * ow * sizeOf(w) > 2 ** 24
}

/** The weights for a kernel, and whether it is to find them packed. */
export function weightsFor(
  rung: ConvRung,
  w: Tensor,
  shapes: Geometry,
  to: 'x' | 'y',
  PACKED: boolean,
) {
  if (!rung.packs) return { w: compact(w), packed: w, PACKED: {} }
  const channels = to === 'y' ? shapes.w[0] / shapes.groups : shapes.w[1]
  const given = PACKED ? pack(w, shapes, { to, ...rung.constants(channels) }) : compact(w)
  return { w: given, packed: given, PACKED: { PACKED } }
}

/** The weights as [groups, kh · kw, summed, channels], channels of the result side by side. */
function pack(
  w: Tensor,
  { w: [outputs, c, kh, kw], groups }: Geometry,
  { to, CHANNELS = 8 }: { to: 'x' | 'y'; CHANNELS?: number },
): Tensor {
  const o = outputs / groups
  const [summed, channels] = to === 'y' ? [c, o] : [o, c]
  const [along, across]: Pair = to === 'y' ? [1, 0] : [0, 1]
  const row = Math.ceil(channels / CHANNELS) * (CHANNELS / 4)
  const n = groups * kh * kw * summed * row
  const packed = empty([4 * n], 'f32', 'pack')
  run(convPackKernel, {
    constants: { CHANNELS },
    params: {
      n,
      kh,
      kw,
      summed,
      channels,
      w_group: o * w.strides[0],
      w_summed: w.strides[along],
      w_channel: w.strides[across],
      w_row: w.strides[2],
      w_column: w.strides[3],
    },
    tensors: { w, packed },
    threads: n,
  })
  return packed
}
