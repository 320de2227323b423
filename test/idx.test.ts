import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { imageSet, readIdx } from '../src/data/idx.js'

/** An IDX file of unsigned bytes 0, 1, 2, … */
function idx(shape: number[], { type = 8 }: { type?: number } = {}): Uint8Array {
  const size = shape.reduce((product, s) => product * s, 1)
  const bytes = new Uint8Array(4 + 4 * shape.length + size)
  const view = new DataView(bytes.buffer)
  bytes.set([0, 0, type, shape.length])
  shape.forEach((s, d) => {
    view.setUint32(4 + 4 * d, s)
  })
  for (let i = 0; i < size; i++) bytes[bytes.length - size + i] = i % 10
  return bytes
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
}

test('plain and gzipped files read the same', async () => {
  const plain = await readIdx(idx([2, 3, 4]), 'f')
  assert.equal(plain.shape, [2, 3, 4])
  assert.is(plain.data.length, 24)
  assert.equal(await readIdx(gzipSync(idx([2, 3, 4])), 'f'), plain)
})

test('a file that is not whole is refused with both sizes', async () => {
  const whole = idx([2, 3, 4])
  assert.match(
    await messageOf(readIdx(whole.subarray(0, 30), 'f')),
    /f: 30 bytes, but \[2, 3, 4\] takes 40; the file is truncated/,
  )
  assert.match(
    await messageOf(readIdx(whole.subarray(0, 9), 'f')),
    /f: 9 bytes, but the header alone takes 16/,
  )
  assert.match(
    await messageOf(readIdx(whole.subarray(0, 3), 'f')),
    /f: 3 bytes, but a header takes 8 or more; the file is truncated/,
  )
  const zipped = gzipSync(whole)
  assert.match(
    await messageOf(readIdx(zipped.subarray(0, zipped.length - 9), 'f')),
    /f: the gzip data ends early/,
  )
})

test('a gzip file damaged or cut anywhere is refused in one line', async () => {
  const zipped = gzipSync(idx([2, 3, 4]))
  for (let i = 10; i < zipped.length; i++) {
    const damaged = Uint8Array.from(zipped, (byte, at) => (at === i ? byte ^ 0xff : byte))
    for (const bytes of [damaged, zipped.subarray(0, i)])
      assert.match(await messageOf(readIdx(bytes, 'f')), /^f: the gzip data .*; fetch it again$/)
  }
})

test('another kind of file is refused', async () => {
  assert.match(
    await messageOf(readIdx(new TextEncoder().encode('<html>'), 'f')),
    /f: begins with 3c 68 74 6d; an IDX file/,
  )
  assert.match(await messageOf(readIdx(new Uint8Array(0), 'f')), /f: begins with nothing/)
  assert.match(
    await messageOf(readIdx(idx([2], { type: 0xd }), 'f')),
    /f: element type 0xd at byte 2; only unsigned bytes/,
  )
  assert.match(
    await messageOf(readIdx(Uint8Array.of(...idx([2]), 0), 'f')),
    /f: 11 bytes, but \[2\] takes 10; 1 too many, so the file is damaged/,
  )
})

test('images and labels must have their ranks, and belong together', async () => {
  const images = await readIdx(idx([3, 2, 2]), 'i')
  const labels = await readIdx(idx([3]), 'l')
  assert.is(imageSet(images, labels, ['i', 'l']).count, 3)
  assert.throws(
    () => imageSet(labels, labels, ['i', 'l']),
    /i: holds labels \[3\]; images \[n, height, width\] are needed/,
  )
  assert.throws(
    () => imageSet(images, images, ['i', 'l']),
    /l: holds images \[3, 2, 2\]; labels \[n\] are needed/,
  )
  const fewer = { shape: [2], data: Uint8Array.of(1, 2) }
  assert.throws(() => imageSet(images, fewer, ['i', 'l']), /l: 2 labels for the 3 images of i/)
  const wrong = { shape: [3], data: Uint8Array.of(1, 12, 2) }
  assert.throws(() => imageSet(images, wrong, ['i', 'l']), /l: label 1 is 12; digits are 0 to 9/)
})

test.run()
