/** Tensors of f32 whose numbers half precision holds, so that a file may have them as F16. */
import type { Storage } from './storage.js'
import type { Tensor } from './tensor.js'

/** Of each storage the version when it was filled with halves. */
const versions = new WeakMap<Storage, number>()

/** Says that a tensor was just filled with numbers that half precision holds. */
export function noteHalves({ storage }: Tensor): void {
  versions.set(storage, storage.version)
}

/** Whether half precision is known to hold all numbers of a tensor. */
export function areHalves({ storage }: Tensor): boolean {
  return versions.get(storage) === storage.version
}
