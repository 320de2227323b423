/** A model's state as plain arrays, as files hold it, and back. */
import { tensor } from '../tensor/create.js'
import type { Tensor } from '../tensor/tensor.js'
import type { HostTensor } from './safetensors.js'

/** Copies tensors to the host. */
export async function toHost(state: Record<string, Tensor>): Promise<Record<string, HostTensor>> {
  const host: Record<string, HostTensor> = {}
  for (const [name, t] of Object.entries(state)) {
    const data = await t.data()
    host[name] = {
      dtype: names[t.dtype],
      shape: [...t.shape],
      data: t.dtype === 'bool' ? Uint8Array.from(data) : data, // a byte in files, four on the GPU
    }
  }
  return host
}

const names = { f32: 'F32', i32: 'I32', u32: 'U32', bool: 'BOOL' } as const

/** Copies plain arrays to the GPU. 64-bit integers become i32, the type of our step counters. */
export function fromHost(host: Record<string, HostTensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(host).map(([name, { dtype, shape, data }]) => {
      if (data instanceof BigInt64Array || data instanceof BigUint64Array)
        return [name, tensor(Int32Array.from(data, Number), { shape })]
      return [name, tensor(data, { shape, dtype: dtype === 'BOOL' ? 'bool' : undefined })]
    }),
  )
}
