/** The samples of a batch as tensors: each field stacked along a new first dimension. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { type TensorData, tensor } from '../tensor/create.js'
import type { DType } from '../tensor/dtype.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

type TypedArray = ArrayLike<number> & ArrayBufferView

/** A field of one sample: a number, nested arrays, a typed array, or values with a shape. */
export type HostField =
  | Exclude<TensorData, boolean>
  | boolean
  | { readonly data: TypedArray; readonly shape: readonly number[] }

/**
 * Stacks the samples field by field:  y[i, …] = sample i's field[…]
 * @throws Error when a sample lacks a field, or has it in another shape than the first sample
 */
export function stacked(
  samples: readonly object[],
  dtypes: Readonly<Record<string, DType | undefined>>,
): Record<string, Tensor> {
  for (const [i, sample] of samples.entries())
    check(
      typeof sample === 'object' && sample !== null && !Array.isArray(sample),
      () => `DataLoader: sample ${i} of a batch is ${described(sample)}; it must be { field: … }`,
    )
  const pairs = Object.entries(samples[0])
    .filter(([, value]) => value !== undefined)
    .map(([name]) => {
      const values = samples.map(sample => (sample as Record<string, HostField>)[name])
      return [name, stack(name, values, dtypes[name])] as const
    })
  return Object.fromEntries(pairs)
}

function stack(name: string, values: readonly HostField[], dtype: DType | undefined): Tensor {
  const parts = values.map(value => arrayOf(value))
  const [first] = parts
  if (!first) return tensor(values as TensorData, { dtype })
  const { data, shape } = first
  const Maker = data.constructor as new (length: number) => Float32Array
  const rows = new Maker(values.length * data.length)
  for (const [i, part] of parts.entries()) {
    check(
      part?.data.length === data.length && `${part.shape}` === `${shape}`,
      () =>
        `DataLoader: ${name} is ${show(shape)} in sample 0 of a batch and ` +
        `${part ? show(part.shape) : described(values[i])} in sample ${i}; shapes must be equal: ` +
        'pad the samples in a transform, or give a collate',
    )
    rows.set(part.data, i * data.length)
  }
  return tensor(rows, { shape: [values.length, ...shape], dtype })
}

/** A typed array with its shape; null for numbers and nested arrays. */
function arrayOf(value: HostField): { data: TypedArray; shape: readonly number[] } | null {
  if (ArrayBuffer.isView(value)) return { data: value, shape: [value.length] }
  const isPair = typeof value === 'object' && value !== null && 'data' in value
  return isPair && ArrayBuffer.isView(value.data) && Array.isArray(value.shape) ? value : null
}
