/** What a step does to a group of parameters. */
import type { Tensor } from '../tensor/tensor.js'
import type { ParameterBuffer } from './parameterbuffer.js'

/**
 * A launch that updates neighbouring parameters: n vec4s from `base` on. S: the names of the state.
 * `owners` holds, per workgroup, the index of its parameter in `clocks_now`.
 */
export interface Update<S extends string> {
  params: { n: number; base: number }
  tensors: Record<'hyper' | 'theta' | 'grad' | 'clocks_now' | 'owners' | S, Tensor>
  threads: number
}

/** A step of a group: its buffers, its options as numbers, and which parameters have a gradient. */
export interface GroupStep {
  buffer: ParameterBuffer
  hyper: Tensor
  hasGrad: readonly boolean[]
}
