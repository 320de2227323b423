/** Files of every format, made byte by byte, so that each part of one can be wrong. */
import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { crc32 } from '../../src/io/crc32.js'

export type Part = Uint8Array | readonly number[] | string

export function join(...parts: Part[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(part => Buffer.from(part as Uint8Array))))
}

/** Whole numbers, little end first. */
const little = (width: number) => (value: number | bigint) => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true)
  return bytes.subarray(0, width)
}
export const [u16, u32, u64] = [2, 4, 8].map(little)
export const big32 = (value: number) => u32(value).slice().reverse()

/** The same bytes with others from a place on; from the end if that is negative. */
export function patched(bytes: Uint8Array, at: number, part: Part): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy.set(join(part), at < 0 ? bytes.length + at : at)
  return copy
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const place = at < 0 ? bytes.length + at : at
  return patched(bytes, place, [bytes[place] ^ 0x55])
}

/** 1 GiB of zeros, deflated: a block for 1 MiB, over and over. */
export function bomb(): Uint8Array {
  const block = deflateRawSync(new Uint8Array(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH })
  return join(...Array.from({ length: 1024 }, () => block), [3, 0])
}

export interface Entry {
  readonly name: string
  readonly data: Uint8Array
  /** What the headers say, where it is not the truth. */
  readonly method?: number
  readonly flags?: number
  readonly crc?: number
  readonly size?: number
  readonly packed?: number
  readonly offset?: number
  readonly localName?: string
  readonly localMethod?: number
  readonly extra?: Uint8Array
}

export interface End {
  readonly count?: number
  readonly size?: number
  readonly from?: number
}

/** A zip archive. Data with method 8 must be deflated already; then `size` and `crc` are needed. */
export function zip(entries: readonly Entry[], end: End = {}): Uint8Array {
  let [body, directory] = [join(), join()]
  for (const entry of entries) {
    const { name, data, method = 0, flags = 0, extra = join() } = entry
    const { crc = crc32(data), size = data.length, packed = data.length } = entry
    const { offset = body.length, localName = name, localMethod = method } = entry
    const sizes = join(u32(crc), u32(packed), u32(size))
    const [own, local] = [name, localName].map(text => join(text))
    directory = join(
      directory,
      [0x50, 0x4b, 1, 2, 20, 0, 20, 0],
      ...[flags, method, 0, 0x21].map(u16),
      sizes,
      ...[own.length, extra.length, 0, 0, 0].map(u16),
      ...[0, offset].map(u32),
      own,
      extra,
    )
    body = join(
      body,
      [0x50, 0x4b, 3, 4, 20, 0],
      ...[flags, localMethod, 0, 0x21].map(u16),
      sizes,
      ...[local.length, 0].map(u16),
      local,
      data,
    )
  }
  const { count = entries.length, size = directory.length, from = body.length } = end
  const record = join([0x50, 0x4b, 5, 6], u32(0), u16(count), u16(count), u32(size), u32(from))
  return join(body, directory, record, u16(0))
}

/** A .npy file with this header in Python. */
export function npy(header: string, data: Part = [], version: readonly [number, number] = [1, 0]) {
  const length = version[0] === 1 ? u16(header.length) : u32(header.length)
  return join([0x93], 'NUMPY', version, length, header, data)
}

export const npyHeader = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`

/** Opcodes of pickles, with their arguments. */
export const pickle = {
  proto: [0x80, 2],
  mark: '(',
  tuple: 't',
  reduce: 'R',
  dict: '}',
  list: ']',
  emptyTuple: ')',
  setItem: 's',
  setItems: 'u',
  append: 'a',
  build: 'b',
  persistent: 'Q',
  stop: '.',
  none: 'N',
  false: [0x89],
  text: (text: string) => join('X', u32(join(text).length), text),
  int: (value: number) => join('J', u32(value)),
  put: (index: number) => join('r', u32(index)),
  get: (index: number) => join('j', u32(index)),
  global: (module: string, name: string) => join('c', `${module}\n${name}\n`),
}

/** The persistent id of a storage. */
export function storage(key: string, count: number | Part = 6, kind = 'FloatStorage'): Uint8Array {
  const { mark, text, global, int, tuple, persistent } = pickle
  const size = typeof count === 'number' ? int(count) : count
  return join(
    mark,
    text('storage'),
    global('torch', kind),
    text(key),
    text('cpu'),
    size,
    tuple,
    persistent,
  )
}

export interface TensorParts {
  readonly storage?: Part
  readonly offset?: Part
  readonly shape?: readonly number[]
  readonly strides?: readonly number[]
}

export function tensor(parts: TensorParts = {}): Uint8Array {
  const { mark, global, int, tuple, reduce, emptyTuple } = pickle
  const { offset = int(0), shape = [2, 3], strides = [3, 1] } = parts
  const list = (values: readonly number[]) => join(mark, ...values.map(int), tuple)
  const hooks = join(global('collections', 'OrderedDict'), emptyTuple, reduce)
  const args = [parts.storage ?? storage('0'), offset, list(shape), list(strides), [0x89], hooks]
  return join(global('torch._utils', '_rebuild_tensor_v2'), mark, ...args, tuple, reduce)
}

/** A .pt file whose pickle has these parts between its begin and its end. */
export function pt(...parts: Part[]): Uint8Array {
  return ptOf(join(pickle.proto, ...parts, pickle.stop))
}

/** A .pt file with this pickle, and one storage of six floats. */
export function ptOf(data: Uint8Array, more: readonly Entry[] = []): Uint8Array {
  return zip([
    { name: 'archive/data.pkl', data },
    { name: 'archive/data/0', data: new Uint8Array(24) },
    ...more,
  ])
}

/** A dict with one item. */
export const dictOf = (key: Part, value: Part) => join(pickle.dict, key, value, pickle.setItem)

export function chunk(type: string, data: Part, crc?: number): Uint8Array {
  const body = join(type, data)
  return join(big32(body.length - 4), body, big32(crc ?? crc32(body)))
}

export const pngBegin = join([0x89], 'PNG\r\n', [0x1a, 0x0a])

export const imageHeader = (width: number, height: number, rest = [8, 0, 0, 0, 0]) =>
  chunk('IHDR', join(big32(width), big32(height), rest))

/** A PNG file with these chunks. By default a grey image of 2 × 2. */
export function png({
  header = imageHeader(2, 2),
  before = join() as Part,
  data = deflateSync(Uint8Array.of(0, 1, 2, 0, 3, 4)) as Part,
  end = chunk('IEND', []) as Part,
} = {}): Uint8Array {
  return join(pngBegin, header, before, chunk('IDAT', data), end)
}
