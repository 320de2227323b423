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

test('decoded tensors and metadata equal those encoded', () => {
  const back = decodeSafetensors(encodeSafetensors(tensors, { format: 'pt' }))
  assert.equal(back, { tensors, metadata: { format: 'pt' } })
})

test('the data begins at a multiple of 8, ordered by dtype and name as Python orders it', () => {
  const more: Record<string, HostTensor> = {
    '10': { dtype: 'F32', shape: [], data: Float32Array.of(1) },
    '2': { dtype: 'F32', shape: [], data: Float32Array.of(2) },
    count: { dtype: 'I64', shape: [], data: BigInt64Array.of(3n) },
  }
  const bytes = encodeSafetensors({ ...tensors, ...more })
  const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  assert.is(headerLength % 8, 0)
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))
  const names = Array.from(header.matchAll(/"([^"]*)":\{/g), ([, name]) => name)
  assert.equal(names, ['count', 'empty', '10', '2', 'layer.weight', 'step', 'mask'])
  assert.equal(decodeSafetensors(bytes).tensors, { ...tensors, ...more })
})

test('equal tensors give equal bytes in any order', () => {
  const reversed = Object.fromEntries(Object.entries(tensors).reverse())
  assert.equal(encodeSafetensors(reversed), encodeSafetensors(tensors))
})

// safetensors 0.8.0 for Python:  save({ 'w': float32 [[1.5, -2]], 'step': int32 3, 'n': int64 [-1],
//                                       'mask': bool [True, False] }, metadata={ 'format': 'pt' })
const fromPython = Uint8Array.from(
  atob(
    'CAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJuIjp7ImR0eXBlIjoiSTY0Iiwi' +
      'c2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sInciOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6' +
      'WzEsMl0sImRhdGFfb2Zmc2V0cyI6WzgsMTZdfSwic3RlcCI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpb' +
      'XSwiZGF0YV9vZmZzZXRzIjpbMTYsMjBdfSwibWFzayI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJd' +
      'LCJkYXRhX29mZnNldHMiOlsyMCwyMl19fSAgICAgICD//////////wAAwD8AAADAAwAAAAEA',
  ),
  byte => byte.charCodeAt(0),
)

test('a file that Python wrote is read, wherever its bytes begin in memory', () => {
  const shifted = new Uint8Array(fromPython.length + 3)
  shifted.set(fromPython, 3)
  for (const bytes of [fromPython, shifted.subarray(3)]) {
    assert.equal(decodeSafetensors(bytes), {
      tensors: {
        n: { dtype: 'I64', shape: [1], data: BigInt64Array.of(-1n) },
        w: { dtype: 'F32', shape: [1, 2], data: Float32Array.of(1.5, -2) },
        step: { dtype: 'I32', shape: [], data: Int32Array.of(3) },
        mask: { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
      },
      metadata: { format: 'pt' },
    })
  }
})

test('what was read from Python is written as Python wrote it, byte by byte', () => {
  const { tensors, metadata } = decodeSafetensors(fromPython)
  assert.equal(encodeSafetensors(tensors, metadata), new Uint8Array(fromPython))
})

test('an empty tensor may begin where another begins, in any order of the header', () => {
  const bytes = file(
    {
      full: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      empty: { dtype: 'F32', shape: [0], data_offsets: [0, 0] },
    },
    4,
  )
  assert.equal(Object.keys(decodeSafetensors(bytes).tensors), ['full', 'empty'])
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
    [file('{"a":'), /w: the header, 5 bytes, is not JSON/],
    [file('[]'), /w: the header is JSON but no object/],
    [file(entry('Q4', [1], [0, 4]), 4), /w: a has dtype "Q4"; known are BF16, BOOL, F16, F32/],
    [file(entry('toString', [1], [0, 4]), 4), /w: a has dtype "toString"; known are/],
    [file({ 'a\nb': 5 }), /w: a\\nb has dtype undefined; known are/],
    [file({ __metadata__: { epoch: 3 } }), /w: its __metadata__ must map names to strings/],
    [file(entry('F32', [2], [0, 4]), 4), /w: a is F32 \[2\], 8 bytes, but has 4/],
    [
      file(entry('F32', [-1], [0, 4]), 4),
      /w: a has shape \[-1\] and data_offsets \[0,4\]; they must/,
    ],
    [file(entry('F32', [1], [0]), 4), /w: a has shape \[1\] and data_offsets \[0\]; they must/],
    [
      file(entry('F32', [1], [4, 8]), 8),
      /w: a begins at byte 4 of the data; without a gap or an overlap it would at 0/,
    ],
    [
      file({ ...entry('F32', [2], [0, 8]), b: entry('F32', [1], [4, 8]).a }, 8),
      /w: b begins at byte 4 of the data; without a gap or an overlap it would at 8/,
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

test('a tensor whose values do not fill its shape, or have another type, is not written', () => {
  const data = Float32Array.of(1)
  const write = (tensors: Record<string, HostTensor>) => () => encodeSafetensors(tensors)
  assert.throws(
    write({ a: { dtype: 'F32', shape: [2], data } }),
    /a is F32 \[2\], 2 values in a Float32Array, but has 1 in a Float32Array/,
  )
  assert.throws(
    write({ a: { dtype: 'BOOL', shape: [1], data } }),
    /a is BOOL \[1\], 1 values in a Uint8Array, but has 1 in a Float32Array/,
  )
  assert.throws(
    write({ __metadata__: { dtype: 'F32', shape: [1], data } }),
    /no tensor may be named/,
  )
})

test.run()
