/** Folders of PNG files as sets of grey images. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeGrey } from '../src/cli/pngfile.js'
import { readPngs } from '../src/cli/pngs.js'
import { bytesOf, expectedOf, formats } from './formats.js'

const root = mkdtempSync(join(tmpdir(), 'kernelgrad-pngs-'))
const folder = () => mkdtempSync(join(root, 'a-'))
test.after(() => rmSync(root, { recursive: true }))

test('images of every colour type and depth are read as grey bytes', () => {
  const want = expectedOf('pngs')
  assert.ok(Object.keys(want).length >= 11)
  for (const [name, { shape, data }] of Object.entries(want)) {
    const { height, width, grey } = decodeGrey(bytesOf(`pngs/${name}.png`), name)
    assert.equal([height, width], shape, name)
    assert.equal([...grey], [...(data as Uint8Array)], name)
  }
})

test('a folder is read in the order of names, with labels 0', async () => {
  const set = await readPngs(join(formats, 'pngs'))
  const names = readdirSync(join(formats, 'pngs')).sort()
  assert.equal([set.count, set.height, set.width], [names.length, 2, 3])
  assert.equal(
    [...set.labels],
    names.map(() => 0),
  )
  const want = expectedOf('pngs')
  const pixels = names.flatMap(name => [...(want[name.replace('.png', '')].data as Uint8Array)])
  assert.equal([...set.images], pixels)
})

test('subfolders give the labels', async () => {
  const set = await readPngs(join(formats, 'labelled'))
  assert.equal([...set.labels], [0, 0, 3, 3, 9, 9])
  assert.equal([...set.images.subarray(8, 16)], [3, 0, 10, 20, 3, 1, 10, 20])
})

test('an interlaced image is that without interlacing', () => {
  const data = Uint8Array.from({ length: 9 * 13 }, (_, i) => (i * 7) % 256)
  const image = { width: 13, height: 9, data, channels: 1, depth: 8 as const }
  const bytes = encode(image, { interlace: 'Adam7' })
  assert.equal(decodeGrey(bytes, 'a'), { height: 9, width: 13, grey: data })
})

test('each file that cannot be read is named with its reason', async () => {
  const to = folder()
  cpSync(join(formats, 'labelled/0'), to, { recursive: true })
  writeFileSync(join(to, 'empty.PNG'), '')
  writeFileSync(join(to, 'cut.png'), bytesOf('pngs/grey.png').subarray(0, 50))
  cpSync(join(formats, 'pngs/rgb.png'), join(to, 'wide.png'))
  writeFileSync(join(to, 'notes.txt'), 'not read')
  const message = await messageOf(readPngs(to))
  assert.match(message, /: 3 of 5 PNG files not read: /)
  assert.match(message, /empty\.PNG: 0 bytes that do not begin as a PNG file does/)
  assert.match(message, /cut\.png: the chunk at byte 33 should take \d+ bytes, and 17 are left/)
  assert.match(message, /wide\.png: 2 × 3 pixels, but the first image has 2 × 2; all must/)
  assert.not.match(message, /\n/)
})

test('a folder without images, or with a mixture, is refused', async () => {
  const to = folder()
  assert.is(await messageOf(readPngs(to)), `${to}: no PNG files there`)
  assert.is(await messageOf(readPngs(join(to, 'x'))), `${join(to, 'x')}: no such file or folder`)
  mkdirSync(join(to, 'cats'))
  assert.match(await messageOf(readPngs(to)), /the subfolder "cats" is no label; labels are 0 to/)
  cpSync(join(formats, 'pngs/rgb.png'), join(to, 'a.png'))
  assert.match(await messageOf(readPngs(to)), /PNG files beside subfolders/)
})

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
}

test.run()
