import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeSafetensors, encodeSafetensors, type HostTensor } from '../src/io/safetensors.js'

const tensors: Record<string, HostTensor> = {
  'layer.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  step: { dtype: 'I32', shape: [], data: Int32Array.of(7) },
  mask: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
  empty: { dtype: 'F64', shape: [0, 4], data: new Float64Array(0) },
}

/** A file with this header and this many bytes of data. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  )
  const bytes = new Uint8Array(8 + text.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

test('tensors and metadata come back as they went', () => {
  const back = decodeSafetensors(encodeSafetensors(tensors, { format: 'pt' }))
  assert.equal(back, { tensors, metadata: { format: 'pt' } })
})

test('the data begins at a multiple of 8 and larger types come first', () => {
  const bytes = encodeSafetensors(tensors)
  const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  assert.is(headerLength % 8, 0)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)))
  assert.equal(Object.keys(header), ['empty', 'layer.weight', 'step', 'mask'])
})

test('equal tensors give equal bytes, whatever order they come in', () => {
  const reversed = Object.fromEntries(Object.entries(tensors).reverse())
  assert.equal(encodeSafetensors(reversed), encodeSafetensors(tensors))
})

test('a file that Python wrote is read', () => {
  // safetensors.numpy.save({'x': np.array([[1.5, -2.0]], np.float32), 'n': np.array([3], np.int64)})
  const header =
    '{"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}  '
  const bytes = file(header, 16)
  const data = new DataView(bytes.buffer, 8 + header.length)
  data.setBigInt64(0, 3n, true)
  data.setFloat32(8, 1.5, true)
  data.setFloat32(12, -2, true)
  const { x, n } = decodeSafetensors(bytes).tensors
  assert.equal(
    [x.shape, [...(x.data as Float32Array)]],
    [
      [1, 2],
      [1.5, -2],
    ],
  )
  assert.equal(n.data, BigInt64Array.of(3n))
})

test('half-precision floats are widened', () => {
  const bytes = file(
    {
      h: { dtype: 'F16', shape: [4], data_offsets: [0, 8] },
      b: { dtype: 'BF16', shape: [1], data_offsets: [8, 10] },
    },
    10,
  )
  const view = new DataView(bytes.buffer, bytes.length - 10)
  for (const [i, half] of [0x3c00, 0xc100, 0x0001, 0x7c00, 0x3fc0].entries())
    view.setUint16(2 * i, half, true)
  const { h, b } = decodeSafetensors(bytes).tensors
  assert.equal([...(h.data as Float32Array)], [1, -2.5, 2 ** -24, Number.POSITIVE_INFINITY])
  assert.equal([h.dtype, b.dtype, [...(b.data as Float32Array)]], ['F32', 'F32', [1.5]])
})

test('a damaged file is refused in one line that says where', () => {
  const good = encodeSafetensors(tensors)
  const entry = (dtype: string, shape: unknown, offsets: unknown) => ({
    a: { dtype, shape, data_offsets: offsets },
  })
  const cases: [Uint8Array, RegExp][] = [
    [good.subarray(0, 5), /w: 5 bytes; a safetensors file begins with/],
    [
      good.subarray(0, 40),
      /w: the header should take \d+ bytes, but the file has 40; it is truncated/,
    ],
    [
      good.subarray(0, good.length - 4),
      /ends at byte \d+ of the data, which has \d+; the file is truncated/,
    ],
    [file('{"a":'), /w: the header is not JSON/],
    [file('[]'), /w: the header is JSON but no object/],
    [file(entry('Q4', [1], [0, 4]), 4), /w: a has dtype Q4; known are F64, F32/],
    [file(entry('F32', [2], [0, 4]), 4), /w: a is F32 \[2\], 8 bytes, but has 4/],
    [file(entry('F32', [-1], [0, 4]), 4), /w: a has no whole shape and offsets/],
    [
      file(entry('F32', [1], [4, 8]), 8),
      /w: a begins at byte 4 of the data, and what comes before it ends at 0/,
    ],
    [file(entry('F32', [1], [0, 4]), 6), /w: 2 bytes follow the last tensor/],
  ]
  for (const [bytes, pattern] of cases) {
    assert.throws(
      () => decodeSafetensors(bytes, 'w'),
      (error: Error) => pattern.test(error.message) && !error.message.includes('\n'),
      String(pattern),
    )
  }
})

test('a tensor whose values do not fill its shape is not written', () => {
  const data = Float32Array.of(1)
  assert.throws(
    () => encodeSafetensors({ a: { dtype: 'F32', shape: [2], data } }),
    /a is F32 \[2\], 2 values, but has 1 in a Float32Array/,
  )
})

test.run()
