/** Arrays as NumPy saves them: one in a .npy file, several by name in a .npz archive. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { stridesOf } from '../tensor/shape.js'
import { brief, quoted } from './bytes.js'
import { arrays } from './header.js'
import { checkHostTensor, checkTruths, type HostTensor, hostTensor } from './hosttensor.js'
import { codes, magic, readNpyHeader } from './npyheader.js'
import { rowByRow } from './strided.js'
import { readZip } from './zip.js'
import { writeZip } from './zipwrite.js'

/**
 * The array in a .npy file: floats (f2, f4, f8), whole numbers (i1 to i8, u1 to u8) or truth
 * values, in either byte order, by rows or by columns. f2 is widened to F32; all else keeps its
 * dtype. `fromHost` refuses a whole number that i32 cannot hold, and names it.
 *
 *     const { x } = io.fromHost({ x: io.decodeNpy(bytes) })
 *
 * @param name of the file, for messages
 * @throws Error that says what is wrong with the file, and where
 */
export function decodeNpy(bytes: Uint8Array, name = 'npy'): HostTensor {
  check(
    bytes instanceof Uint8Array,
    () => `${name}: got ${described(bytes)} where the bytes of a file belong, in a Uint8Array`,
  )
  const { dtype, shape, isBigEndian, isFortran, length } = readNpyHeader(bytes, name)
  const { BYTES_PER_ELEMENT: width } = arrays[dtype]
  const expected = shape.reduce((product, size) => product * size, width)
  const rest = bytes.length - length
  check(
    rest === expected,
    () =>
      `${name}: ${dtype} [${brief(shape.join(', '))}] takes ${expected} bytes, but ${rest} ` +
      `follow the header's end at byte ${length}; the file is ` +
      (rest < expected ? 'truncated' : 'damaged, or holds several arrays'),
  )
  const own = new Uint8Array(bytes.subarray(length)) // a Buffer's slice would be no copy
  if (isBigEndian)
    for (let at = 0; at < own.length; at += width) own.subarray(at, at + width).reverse()
  const t = hostTensor(dtype, shape, own.buffer)
  checkTruths(name, t)
  if (!isFortran) return t
  const strides = stridesOf(shape.toReversed()).reverse()
  return { ...t, data: rowByRow(t.data, { shape, strides, offset: 0 }) }
}

/**
 * The bytes of a .npy file that `numpy.load` reads.
 * @throws Error when the values do not fill the shape or are not of the dtype, and for BF16
 */
export function encodeNpy(t: HostTensor): Uint8Array<ArrayBuffer> {
  checkHostTensor('npy: the array', t)
  const { dtype, shape, data } = t
  const code = codes[dtype]
  check(code, () => `npy: NumPy has no ${dtype}; convert the values to F32`)
  const order = code.endsWith('1') ? '|' : '<'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dict = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${sizes}), }`
  const begin = 10
  const length = Math.ceil((begin + dict.length + 1) / 64) * 64 // so that the data are aligned
  check(
    length <= 0xffff,
    () => `npy: the array has ${shape.length} dimensions; NumPy has 32 at most`,
  )
  const header = new TextEncoder().encode(`${dict.padEnd(length - begin - 1)}\n`)
  const file = new Uint8Array(length + data.byteLength)
  file.set([...magic, 1, 0, header.length & 0xff, header.length >> 8])
  file.set(header, begin)
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length)
  return file
}

/**
 * The arrays in a .npz archive, by name, compressed or not.
 * @param name of the file, for messages
 * @throws Error that says what is wrong with the archive, or with which array in it
 */
export async function decodeNpz(
  bytes: Uint8Array,
  name = 'npz',
): Promise<Record<string, HostTensor>> {
  const found: [string, HostTensor][] = []
  for (const entry of readZip(bytes, name).values()) {
    check(
      entry.name.endsWith('.npy'),
      () => `${name}: holds ${quoted(entry.name)}; an .npz archive holds .npy files alone`,
    )
    const array = entry.name.slice(0, -'.npy'.length)
    found.push([array, decodeNpy(await entry.read(), `${name}: ${quoted(entry.name)}`)])
  }
  return Object.fromEntries(found)
}

/**
 * The bytes of an .npz archive that `numpy.load` reads, not compressed.
 *
 *     io.encodeNpz(await io.toHost(model.stateDict()))
 *
 * @throws Error as `encodeNpy` does, and when the archive would take 4 GiB or more
 */
export function encodeNpz(tensors: Record<string, HostTensor>): Uint8Array<ArrayBuffer> {
  check(
    typeof tensors === 'object' && tensors !== null && !(tensors instanceof Promise),
    () => `npz: got ${described(tensors)} where plain arrays by name belong`,
  )
  const files = Object.entries(tensors).map(([name, t]) => {
    checkHostTensor(`npz: ${name}`, t)
    return [`${name}.npy`, encodeNpy(t)]
  })
  return writeZip(Object.fromEntries(files), 'npz')
}
