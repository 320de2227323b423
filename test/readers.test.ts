/**
 * Readers of files, given valid files that were changed at random: each returns, or throws an error
 * of its own that begins with the file's name. Nothing inside may fail, hang, or take much memory.
 */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Idx, readIdx } from '../src/data/idx.js'
import { inflate } from '../src/data/inflate.js'
import { decodeSafetensors, encodeSafetensors } from '../src/io/safetensors.js'

const name = 'some/file'

/** Changes of a file: bytes replaced, cut out, doubled or put in; what follows them is cut off. */
type Change =
  | { readonly kind: 'set' | 'flip'; readonly at: number; readonly value: number }
  | { readonly kind: 'cut' | 'double'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly at: number }

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) // as a part of the file
const begin = fc.double({ min: 0, max: 0.2, noNaN: true }) // headers are there
const place = fc.oneof(at, begin)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('set' as const, 'flip' as const),
    at: place,
    value: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)),
  }),
  fc.record({
    kind: fc.constantFrom('cut' as const, 'double' as const),
    at: place,
    length: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
  }),
  fc.record({ kind: fc.constant('end' as const), at: place }),
)

function changed(file: Uint8Array, changes: readonly Change[]): Uint8Array {
  return changes.reduce((bytes, one) => {
    const i = Math.floor(one.at * bytes.length)
    const [before, after] = [bytes.subarray(0, i), bytes.subarray(i)]
    switch (one.kind) {
      case 'end':
        return before
      case 'cut':
        return Uint8Array.of(...before, ...after.subarray(one.length))
      case 'double':
        return Uint8Array.of(...before, ...after.subarray(0, one.length), ...after)
      case 'insert':
        return Uint8Array.of(...before, ...one.bytes, ...after)
      case 'set':
        return bytes.map((byte, k) => (k === i ? one.value : byte))
      default:
        return bytes.map((byte, k) => (k === i ? byte ^ one.value : byte))
    }
  }, file)
}

/** Whether the reader returned; an error that is not its own fails the test. */
async function outcome(read: () => unknown): Promise<boolean> {
  try {
    await read()
    return true
  } catch (error) {
    const { message, stack } = error as Error
    assert.is((error as Error).constructor, Error, stack)
    assert.ok(message.startsWith(`${name}: `), message)
    assert.not.match(message, /\n/)
    assert.ok(message.length < 2000, `${message.length} letters: ${message.slice(0, 200)}`)
    return false
  }
}

/** Reads changed files. Some must be refused, and the unchanged file must be read. */
async function attack(
  file: Uint8Array,
  read: (bytes: Uint8Array) => unknown,
  numRuns: number,
): Promise<void> {
  let refused = 0
  assert.ok(await outcome(() => read(file)))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
      if (!(await outcome(() => read(changed(file, changes))))) refused++
    }),
    { numRuns, seed: 1, endOnFailure: false },
  )
  assert.ok(refused > numRuns / 4, `${refused} of ${numRuns} were refused`)
}

const safetensors = encodeSafetensors(
  {
    'encoder.0.weight': { dtype: 'F32', shape: [2, 3], data: new Float32Array(6).fill(1.5) },
    steps: { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) },
    half: { dtype: 'F16', shape: [3], data: Uint16Array.of(1, 2, 3) },
    mask: { dtype: 'BOOL', shape: [2, 0], data: new Uint8Array(0) },
  },
  { format: 'pt' },
)

const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, ...new Uint8Array(24))

/** What was read fills its shape. */
const readWhole = async (bytes: Uint8Array) => {
  const { shape, data }: Idx = await readIdx(bytes, name)
  assert.is(
    data.length,
    shape.reduce((n, size) => n * size, 1),
  )
}

test('safetensors files, changed at random', () =>
  attack(
    safetensors,
    bytes => {
      for (const { shape, data } of Object.values(decodeSafetensors(bytes, name).tensors))
        assert.is(
          data.length,
          shape.reduce((n, size) => n * size, 1),
        )
    },
    3000,
  ))

test('headers of safetensors, of any JSON', () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.json(), fc.dictionary(fc.string(), entry).map(toJson)),
      async json => {
        const text = new TextEncoder().encode(json)
        const file = new Uint8Array(8 + text.length + 16)
        new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
        file.set(text, 8)
        await outcome(() => decodeSafetensors(file, name))
      },
    ),
    { numRuns: 2000, seed: 1 },
  ))

const toJson = (value: unknown) => JSON.stringify(value)
const size = fc.oneof(fc.integer({ min: -1, max: 20 }), fc.double(), fc.constant(2 ** 52))
const entry = fc.record({
  dtype: fc.oneof(fc.constantFrom('F32', 'I64', 'BOOL'), fc.string()),
  shape: fc.oneof(fc.array(size, { maxLength: 4 }), fc.jsonValue()),
  data_offsets: fc.oneof(fc.array(size, { minLength: 2, maxLength: 2 }), fc.jsonValue()),
})

test('IDX files, changed at random', () => attack(idx, readWhole, 3000))

test('IDX files in gzip, changed at random, outside and inside', async () => {
  await attack(gzipSync(idx), readWhole, 500)
  await attack(idx, bytes => readWhole(gzipSync(bytes)), 500)
})

test('gzip files, changed at random', () =>
  attack(gzipSync(idx), bytes => inflate(bytes, name, 1000), 500))

test('a gzip file of a gigabyte is not inflated beyond what its header says', async () => {
  const header = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 4)
  const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(256 * 2 ** 20)]))
  const before = process.memoryUsage().rss
  await assertRefused(() => readIdx(bomb, name), /gzip data is longer than 12 bytes/)
  assert.ok(process.memoryUsage().rss - before < 64 * 2 ** 20)
})

test('sizes beyond all that can be read are refused, plain or zipped', async () => {
  const huge = Uint8Array.of(0, 0, 8, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3)
  for (const bytes of [huge, gzipSync(huge)])
    await assertRefused(
      () => readIdx(bytes, name),
      /sizes from byte 4 on, \[4294967295, 4294967295\], take 18446744065119617000 bytes, more than/,
    )
})

async function assertRefused(read: () => Promise<unknown>, words: RegExp): Promise<void> {
  const message = await read().then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
  assert.match(message, words)
}

test.run()
