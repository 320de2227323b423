/** A model's state as plain arrays, as files hold it, and back. */
import { checkTensor } from '../tensor/arguments.js'
import { tensor } from '../tensor/create.js'
import type { Tensor } from '../tensor/tensor.js'
import { checkHeld } from '../tensor/whole.js'
import type { HostTensor } from './safetensors.js'

/** Copies tensors to the host. */
export async function toHost(state: Record<string, Tensor>): Promise<Record<string, HostTensor>> {
  const pairs: [name: string, t: HostTensor][] = []
  for (const [name, t] of Object.entries(state)) {
    checkTensor(`toHost: ${name}`, t)
    const data = await t.data()
    const bytes = t.dtype === 'bool' ? Uint8Array.from(data) : data // in files; 4 each on the GPU
    pairs.push([name, { dtype: names[t.dtype], shape: [...t.shape], data: bytes }])
  }
  return Object.fromEntries(pairs) // even one that is called __proto__
}

const names = { f32: 'F32', i32: 'I32', u32: 'U32', bool: 'BOOL' } as const

/**
 * Copies plain arrays to the GPU. 64-bit integers become i32, the type of our step counters.
 * @throws Error when one of them does not fit into i32
 */
export function fromHost(host: Record<string, HostTensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(host).map(([name, { dtype, shape, data }]) => {
      if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
        checkHeld(`fromHost: ${name}`, data, 'i32')
        return [name, tensor(Int32Array.from(data, Number), { shape })]
      }
      return [name, tensor(data, { shape, dtype: dtype === 'BOOL' ? 'bool' : undefined })]
    }),
  )
}
