/** The header of a .npy file: a Python dict that says what the bytes behind it are. */
import { check } from '../kernels/check.js'
import { brief, quoted, viewOf } from './bytes.js'
import type { SafeDType } from './header.js'

export interface NpyHeader {
  readonly dtype: SafeDType
  readonly shape: number[]
  readonly isBigEndian: boolean
  readonly isFortran: boolean
  /** Where the data begin. */
  readonly length: number
}

export const magic = [0x93, ...new TextEncoder().encode('NUMPY')]

/** NumPy's letter and bytes per element for each dtype; it has none for BF16. */
export const codes: Readonly<Partial<Record<SafeDType, string>>> = {
  F16: 'f2',
  F32: 'f4',
  F64: 'f8',
  I8: 'i1',
  I16: 'i2',
  I32: 'i4',
  I64: 'i8',
  U8: 'u1',
  U16: 'u2',
  U32: 'u4',
  U64: 'u8',
  BOOL: 'b1',
}

/** @throws Error unless it is a header of version 1.0, 2.0 or 3.0 and of a dtype in `codes` */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  check(
    bytes.length >= 10 && magic.every((byte, i) => bytes[i] === byte),
    () => `${file}: ${bytes.length} bytes that do not begin with 93 and NUMPY; it is no .npy file`,
  )
  const [major, minor] = [bytes[6], bytes[7]]
  check(
    major >= 1 && major <= 3 && minor === 0,
    () => `${file}: format version ${major}.${minor} at byte 6; 1.0, 2.0 and 3.0 are read`,
  )
  const begin = major === 1 ? 10 : 12
  check(bytes.length >= begin, () => `${file}: ${bytes.length} bytes; the file is truncated`)
  const view = viewOf(bytes)
  const length = begin + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  check(
    length <= bytes.length,
    () =>
      `${file}: the header should end at byte ${length}, but the file has ${bytes.length}; ` +
      'it is truncated',
  )
  check(
    length <= longest,
    () => `${file}: a header of ${length} bytes; more than ${longest} are not read`,
  )
  // Of what is read, all is ASCII; another letter only stands in names of fields.
  const text = String.fromCharCode(...bytes.subarray(begin, length))
  const { descr, fortran_order, shape } = fieldsOf(text, file, begin)
  return { ...typeOf(descr, file), isFortran: fortran_order === 'True', shape, length }
}

/** NumPy's own limit is 10 000. */
const longest = 2 ** 16

const fields = {
  descr: /['"]([^'"]*)['"]/y,
  fortran_order: /(True|False)/y,
  shape: /\(([\d\sL,-]*)\)/y,
}

/** The values in  {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  in any order. */
function fieldsOf(text: string, file: string, begin: number) {
  const found = new Map<string, string>()
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at += match[0].length
    return match
  }
  const wrong = (why: string) =>
    `${file}: the header at byte ${begin + at} ${why}: ${quoted(text.slice(at))}`
  check(take(/\s*\{\s*/y), () => wrong('is no Python dict'))
  while (!take(/\}\s*$/y)) {
    const [, key = ''] = take(/['"](\w+)['"]\s*:\s*/y) ?? []
    check(Object.hasOwn(fields, key), () => wrong('has no descr, fortran_order or shape'))
    const value = take(fields[key as keyof typeof fields])
    const rule = key === 'descr' ? '; arrays of fields are not read' : ''
    check(value && !found.has(key), () => wrong(`has a ${key} that is not read${rule}`))
    found.set(key, value[1])
    check(take(/\s*,\s*|\s*(?=\})/y), () => wrong('has no comma'))
  }
  for (const key of Object.keys(fields)) check(found.has(key), () => wrong(`ends without ${key}`))
  const [descr, fortran_order, sizes] = Object.keys(fields).map(key => found.get(key)!)
  const shape = shapeOf(sizes)
  check(
    shape,
    () => `${file}: shape (${brief(sizes)}) in the header; it must be whole numbers from 0 up`,
  )
  return { descr, fortran_order, shape }
}

/** (), (3,), (2, 3) or, of old, (2L, 3L). */
function shapeOf(text: string): number[] | null {
  const parts = text.trim() === '' ? [] : text.split(',').map(part => part.trim())
  if (parts.length > 1 && parts.at(-1) === '') parts.pop()
  if (!parts.every(part => /^\d+L?$/.test(part))) return null
  const shape = parts.map(part => Number(part.replace('L', '')))
  return shape.every(Number.isSafeInteger) ? shape : null
}

function typeOf(descr: string, file: string): { dtype: SafeDType; isBigEndian: boolean } {
  const [, order = '', code = ''] = /^([<>|=]?)(\w+)$/.exec(descr) ?? []
  const [dtype] = Object.entries(codes).find(([, known]) => known === code) ?? []
  const words = code === 'O' ? 'Python objects are never read' : 'it is not read'
  check(
    dtype,
    () => `${file}: dtype ${quoted(descr)}; ${words}, but ${Object.values(codes).join(' ')} are`,
  )
  return { dtype: dtype as SafeDType, isBigEndian: order === '>' }
}
