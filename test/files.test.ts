import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ensureFolder,
  loadSafetensors,
  saveSafetensors,
  writeFileAtomic,
} from '../src/node/files.js'

const folder = () => mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))

/** The message that a promise is rejected with. */
async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
}

test('a file is written whole and leaves nothing beside it', async () => {
  const to = folder()
  await writeFileAtomic(join(to, 'a.txt'), 'one')
  await writeFileAtomic(join(to, 'a.txt'), 'two')
  assert.is(readFileSync(join(to, 'a.txt'), 'utf8'), 'two')
  assert.equal(readdirSync(to), ['a.txt'])
})

test('a write that fails leaves the old file and no other', async () => {
  const to = folder()
  mkdirSync(join(to, 'taken'))
  const message = await messageOf(writeFileAtomic(join(to, 'taken'), 'x'))
  assert.match(message, /taken: .*; the file was not written$/)
  assert.equal(readdirSync(to), ['taken'])
  assert.match(await messageOf(writeFileAtomic(join(to, 'no', 'a'), 'x')), /no such file or folder/)
})

test('a folder is made with those above it', async () => {
  const to = join(folder(), 'a', 'b')
  await ensureFolder(to)
  assert.ok(existsSync(to))
  assert.equal(readdirSync(to), [])
})

test('a folder that cannot be used is refused in one line with the remedy', async () => {
  const to = folder()
  writeFileSync(join(to, 'file'), '')
  for (const path of [join(to, 'file'), join(to, 'file', 'below')]) {
    const message = await messageOf(ensureFolder(path))
    assert.match(message, /file.*: .*not a folder; name another folder with --out$/)
  }
  if (existsSync('/proc/self'))
    assert.match(await messageOf(ensureFolder('/proc/x/y')), /^\/proc\/x\/y: .*name another folder/)
  if (process.getuid?.() === 0) return // root may write everywhere
  mkdirSync(join(to, 'closed'))
  chmodSync(join(to, 'closed'), 0o500)
  assert.match(await messageOf(ensureFolder(join(to, 'closed'))), /no permission; name another/)
})

test('tensors come back from a file as they went', async () => {
  const path = join(folder(), 'w.safetensors')
  const tensors = { a: { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1, 2) } }
  await saveSafetensors(path, tensors, { model: 'mlp' })
  assert.equal(await loadSafetensors(path), { tensors, metadata: { model: 'mlp' } })
  assert.match(
    await messageOf(loadSafetensors(`${path}.gone`)),
    /w\.safetensors\.gone: no such file/,
  )
})

test.run()
