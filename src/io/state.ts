/** A model's state as plain arrays, as files hold it, and back. */
import { check } from '../kernels/check.js'
import { checkTensor, described } from '../tensor/arguments.js'
import { tensor } from '../tensor/create.js'
import { areHalves } from '../tensor/halves.js'
import type { Tensor } from '../tensor/tensor.js'
import { checkHeld } from '../tensor/whole.js'
import { toHalf } from './half.js'
import { type HostTensor, widened } from './hosttensor.js'

/** Copies tensors to the host. The weights of a halved model become F16, without loss. */
export async function toHost(state: Record<string, Tensor>): Promise<Record<string, HostTensor>> {
  checkNames('toHost', state)
  const pairs: [name: string, t: HostTensor][] = []
  for (const [name, t] of Object.entries(state)) {
    checkTensor(`toHost: ${name}`, t)
    const data = await t.data()
    const bytes = t.dtype === 'bool' ? Uint8Array.from(data) : data // in files; 4 each on the GPU
    const stored: Pick<HostTensor, 'dtype' | 'data'> = areHalves(t)
      ? { dtype: 'F16', data: toHalf(data) }
      : { dtype: names[t.dtype], data: bytes }
    pairs.push([name, { shape: [...t.shape], ...stored }])
  }
  return Object.fromEntries(pairs) // even one that is called __proto__
}

const names = { f32: 'F32', i32: 'I32', u32: 'U32', bool: 'BOOL' } as const

/**
 * Copies plain arrays to the GPU. Half-precision floats become f32, and 64-bit integers i32, the
 * type of our step counters.
 * @throws Error when one of them does not fit into i32
 */
export function fromHost(host: Record<string, HostTensor>): Record<string, Tensor> {
  checkNames('fromHost', host)
  return Object.fromEntries(
    Object.entries(host).map(([name, t]) => {
      const { dtype, shape, data } = widened(t)
      if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
        checkHeld(`fromHost: ${name}`, data, 'i32')
        return [name, tensor(Int32Array.from(data, Number), { shape })]
      }
      return [name, tensor(data, { shape, dtype: dtype === 'BOOL' ? 'bool' : undefined })]
    }),
  )
}

function checkNames(op: string, given: unknown): void {
  check(
    typeof given === 'object' && given !== null && !(given instanceof Promise),
    () => `${op}: got ${described(given)} where an object of tensors by name belongs`,
  )
}
