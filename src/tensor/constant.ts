/** Numbers as tensors: `x.mul(2)` multiplies by one. */
import { onShutdown } from '../kernels/device.js'
import { isDry } from '../kernels/dryrun.js'
import { unrecorded } from '../kernels/recording.js'
import { full } from './create.js'
import { bitsOf, codeOf, type DType } from './dtype.js'
import { keep } from './lifetime.js'
import type { Tensor } from './tensor.js'

const constants = new Map<number, Tensor>()
const most = 1024

/** A number as a scalar tensor, made once and kept. */
export function constant(value: number, dtype: DType): Tensor {
  const key = bitsOf(value, dtype) * 4 + codeOf[dtype]
  const known = constants.get(key)
  if (known?.storage.alive) return known
  if (isDry()) return full([], value, { dtype }) // it has no content, so it is not kept
  if (constants.size >= most) constants.clear()
  const made = unrecorded(() => keep(full([], value, { dtype })))
  constants.set(key, made)
  return made
}

/** Whether this is the scalar constant 1, with which `backward` starts: a factor to leave out. */
export function isOne(t: Tensor): boolean {
  return t.rank === 0 && t.storage === constant(1, 'f32').storage
}

onShutdown(() => constants.clear())
