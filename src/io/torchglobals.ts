/** What PyTorch's pickles may mention: storages, and the functions that make tensors of them. */
import { check } from '../kernels/check.js'
import { brief, quoted } from './bytes.js'
import { arrays, isNaturals, type SafeDType } from './header.js'
import { type Global, type Known, Tuple } from './picklemachine.js'

/** The numbers behind one or several tensors, in a file `data/KEY` of the archive. */
export class TorchStorage {
  constructor(
    readonly key: string,
    readonly dtype: SafeDType,
    readonly count: number,
  ) {}

  get bytes(): number {
    return this.count * arrays[this.dtype].BYTES_PER_ELEMENT
  }
}

export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: number[],
    readonly strides: readonly number[],
  ) {}
}

interface StorageClass extends Global {
  readonly dtype: SafeDType
}

// biome-ignore format: a table reads in columns
const dtypes: Record<string, SafeDType> = {
  Double: 'F64', Float: 'F32', Half: 'F16', BFloat16: 'BF16',
  Long: 'I64', Int: 'I32', Short: 'I16', Char: 'I8', Byte: 'U8', Bool: 'BOOL',
}

// biome-ignore format: a table reads in columns
const dtypeNames = [
  'float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool',
]

/** PyTorch's own limit. */
const mostDimensions = 64

/** _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks) */
function rebuildTensor(args: readonly unknown[], where: string): TorchTensor {
  const [storage, offset, size, stride] = args
  check(
    storage instanceof TorchStorage && size instanceof Tuple && stride instanceof Tuple,
    () => `${where}: a tensor without a storage, a size and strides; the file is damaged`,
  )
  const [shape, strides] = [[...size.items], [...stride.items]]
  check(
    isNaturals([offset]) && isNaturals(shape) && isNaturals(strides),
    () => `${where}: an offset, size or stride that is no whole number from 0 up; it is damaged`,
  )
  check(
    shape.length === strides.length && shape.length <= mostDimensions,
    () =>
      `${where}: a tensor of ${shape.length} dimensions with ${strides.length} strides; ` +
      `there must be as many of both, and ${mostDimensions} at most`,
  )
  const last = shape.reduce((sum, n, d) => sum + (n - 1) * strides[d], offset as number)
  check(
    shape.includes(0) || last < storage.count,
    () =>
      `${where}: a tensor [${brief(`${shape}`)}] with strides [${brief(`${strides}`)}] from ` +
      `element ${offset} on reaches element ${last} of storage ${quoted(storage.key)}, ` +
      `which has ${storage.count}`,
  )
  return new TorchTensor(storage, offset as number, shape, strides)
}

function rebuildParameter([tensor]: readonly unknown[], where: string): TorchTensor {
  check(tensor instanceof TorchTensor, () => `${where}: a parameter that is no tensor`)
  return tensor
}

function orderedDict(args: readonly unknown[], where: string): Map<unknown, unknown> {
  check(args.length === 0, () => `${where}: an OrderedDict of arguments; it should be empty first`)
  return new Map()
}

function size(args: readonly unknown[], where: string): Tuple {
  const [sizes] = args
  check(sizes instanceof Tuple, () => `${where}: a torch.Size that is no tuple`)
  return sizes
}

function device(args: readonly unknown[], where: string): string {
  const isDevice = args.every(arg => typeof arg === 'string' || typeof arg === 'number')
  check(args.length > 0 && isDevice, () => `${where}: a torch.device of what is no text`)
  return args.join(':')
}

const functions: Record<string, Global['call']> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch.Size': size,
  'torch.device': device,
}

const globals = new Map<string, unknown>([
  ...Object.entries(functions).map(([name, call]) => [name, { name, call }] as const),
  ...Object.entries(dtypes).map(([kind, dtype]) => {
    const name = `torch.${kind}Storage`
    return [name, { name, dtype }] as const
  }),
  ...dtypeNames.map(kind => [`torch.${kind}`, `torch.${kind}`] as const),
])

/** Storages have persistent ids:  ('storage', torch.FloatStorage, '0', 'cpu', 6) */
function persistent(id: unknown, where: string): TorchStorage {
  const [kind, storage, key, , count] = id instanceof Tuple ? id.items : []
  const { dtype } = (storage ?? {}) as Partial<StorageClass>
  check(
    kind === 'storage' && typeof dtype === 'string' && typeof key === 'string',
    () => `${where}: a persistent id that names no storage; the file is damaged`,
  )
  check(
    isNaturals([count]),
    () => `${where}: storage ${quoted(key)} should have a whole number of elements; it is damaged`,
  )
  return new TorchStorage(key, dtype, count as number)
}

export const torch: Known = { globals, persistent }
