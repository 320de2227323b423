/** A model's state as plain arrays, as files want it, and back. */
import { tensor } from '../tensor/create.js'
import type { Tensor } from '../tensor/tensor.js'
import type { HostTensor } from './safetensors.js'

/** Copies tensors to the host. */
export async function toHost(state: Record<string, Tensor>): Promise<Record<string, HostTensor>> {
  const host: Record<string, HostTensor> = {}
  for (const [name, t] of Object.entries(state)) {
    host[name] = { dtype: names[t.dtype], shape: [...t.shape], data: await t.data() }
  }
  return host
}

const names = { f32: 'F32', i32: 'I32', u32: 'U32', bool: 'BOOL' } as const

/** Copies plain arrays to the GPU. */
export function fromHost(host: Record<string, HostTensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(host).map(([name, { shape, data }]) => [
      name,
      tensor(data as Float32Array, { shape }),
    ]),
  )
}
