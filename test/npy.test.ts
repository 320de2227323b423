/** NumPy's files, read bit for bit and written byte by byte as NumPy writes them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from '../src/io/npy.js'
import type { HostTensor } from '../src/io/safetensors.js'
import { readZip } from '../src/io/zip.js'
import { assertSame, bytesOf, expectedOf } from './formats.js'

test('every dtype, byte order and order of axes is read bit for bit', async () => {
  const got = await decodeNpz(bytesOf('arrays.npz'))
  assertSame(got, expectedOf('arrays.npz'), 'arrays.npz')
  assert.is(Object.keys(got).length, 12 * 3 + 4)
})

test('a compressed archive is read, and one with sizes of 64 bits', async () => {
  for (const file of ['compressed.npz', 'zip64.npz'])
    assertSame(await decodeNpz(bytesOf(file)), expectedOf(file), file)
  const bytes = bytesOf('zip64.npz') // its end record has the numbers in 32 bits as well
  bytes.fill(0xff, bytes.length - 14, bytes.length - 2)
  assertSame(await decodeNpz(bytes), expectedOf('zip64.npz'), 'zip64.npz, 64 bits alone')
})

test('format versions 1.0, 2.0 and 3.0 are read, wherever the bytes begin in memory', () => {
  for (const file of ['version1.npy', 'version2.npy', 'version3.npy']) {
    const bytes = bytesOf(file)
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    for (const each of [bytes, shifted.subarray(3), Buffer.from(shifted).subarray(3)])
      assertSame({ '': decodeNpy(each) }, expectedOf(file), file)
  }
})

test('arrays are written as NumPy writes them, byte by byte', async () => {
  const zip = readZip(bytesOf('arrays.npz'), 'arrays.npz')
  let count = 0
  for (const [name, t] of Object.entries(expectedOf('arrays.npz'))) {
    if (/^f2|big$|columns$|cube/.test(name)) continue // read as another dtype or order
    assert.equal(encodeNpy(t), new Uint8Array(await zip.get(`${name}.npy`)!.read()), name)
    count++
  }
  assert.is(count, 11 + 3)
  assert.equal(encodeNpy(decodeNpy(bytesOf('version1.npy'))), bytesOf('version1.npy'))
})

test('half-precision floats are written as they are; bfloat16 is refused', () => {
  const half: HostTensor = { dtype: 'F16', shape: [1], data: Uint16Array.of(0x3e00) }
  assert.equal(decodeNpy(encodeNpy(half)).data, Float32Array.of(1.5))
  assert.throws(() => encodeNpy({ ...half, dtype: 'BF16' }), /NumPy has no BF16; convert/)
})

test('an archive that is written is read again, and equal arrays give equal bytes', async () => {
  const tensors: Record<string, HostTensor> = {
    'layer.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    'größe 漢': { dtype: 'I64', shape: [], data: BigInt64Array.of(-7n) },
    ['__proto__']: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
    none: { dtype: 'F64', shape: [0, 4], data: new Float64Array(0) },
  }
  const bytes = encodeNpz(tensors)
  assert.equal(encodeNpz(tensors), bytes)
  assertSame(await decodeNpz(bytes), tensors, 'npz')
  assert.equal(await decodeNpz(encodeNpz({})), {})
})

test('an array whose values do not fill its shape is not written', () => {
  const data = Float32Array.of(1)
  assert.throws(
    () => encodeNpy({ dtype: 'F32', shape: [2], data }),
    /npy: the array is F32 \[2\], 2 values in a Float32Array, but has 1 in a Float32Array/,
  )
  assert.throws(() => encodeNpz({ a: { dtype: 'I32', shape: [1], data } }), /npz: a is I32 \[1\]/)
  assert.throws(() => encodeNpz({ a: 5 as never }), /npz: a is 5; it must have dtype/)
  assert.throws(() => encodeNpz(null as never), /npz: got null where plain arrays by name belong/)
})

test.run()
