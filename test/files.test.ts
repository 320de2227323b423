import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tensor } from '../src/index.js'
import { fromHost, toHost } from '../src/io/state.js'
import { loadNpy, loadNpz, loadPt, saveNpy, saveNpz } from '../src/node/arrays.js'
import {
  ensureFolder,
  loadSafetensors,
  saveSafetensors,
  writeFileAtomic,
} from '../src/node/files.js'
import { assertSame, expectedOf, formats } from './formats.js'
import { gpu } from './gpu.js'

const root = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
const folder = () => mkdtempSync(join(root, 'a-'))
test.after(() => rmSync(root, { recursive: true }))

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

test('a folder is made, and those above it', async () => {
  const to = join(folder(), 'a', 'b')
  await ensureFolder(to)
  assert.ok(existsSync(to))
  assert.equal(readdirSync(to), [])
})

test('a folder may be made twice at once, and again', async () => {
  const above = folder()
  for (let i = 0; i < 50; i++) {
    const to = join(above, `${i}`, 'a', 'b', 'c')
    await Promise.all(Array.from({ length: 8 }, () => ensureFolder(to)))
    await ensureFolder(to)
    assert.equal(readdirSync(to), [])
  }
})

test('two writes at once to one path leave one of the two, whole', async () => {
  const to = folder()
  const [a, b] = ['a'.repeat(100_000), 'b'.repeat(100_000)]
  await Promise.all([a, b].map(text => writeFileAtomic(join(to, 'f'), text)))
  assert.ok([a, b].includes(readFileSync(join(to, 'f'), 'utf8')))
  assert.equal(readdirSync(to), ['f'])
})

test('a folder that cannot be used is refused in one line with the remedy', async () => {
  const to = folder()
  writeFileSync(join(to, 'file'), '')
  for (const path of [join(to, 'file'), join(to, 'file', 'below')]) {
    const message = await messageOf(ensureFolder(path))
    assert.match(message, /file.*: .*not a folder; name another folder with --out DIR$/)
  }
  if (existsSync('/proc/self'))
    assert.match(await messageOf(ensureFolder('/proc/x/y')), /^\/proc\/x\/y: .*name another folder/)
  assert.match(await messageOf(ensureFolder('')), /^the empty path: no such .*; name another/)
  assert.match(await messageOf(ensureFolder(join(to, 'x'.repeat(300)))), /: the name is too long;/)
  symlinkSync(join(to, 'gone'), join(to, 'link')) // leads nowhere
  assert.match(await messageOf(ensureFolder(join(to, 'link'))), /not a folder; name another/)
  if (process.getuid?.() === 0) return // root may write everywhere
  mkdirSync(join(to, 'closed'))
  chmodSync(join(to, 'closed'), 0o500)
  assert.match(await messageOf(ensureFolder(join(to, 'closed'))), /no permission; name another/)
})

test('tensors read from a file equal those written', async () => {
  const path = join(folder(), 'w.safetensors')
  const tensors = { a: { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1, 2) } }
  await saveSafetensors(path, tensors, { model: 'mlp' })
  assert.equal(await loadSafetensors(path), { tensors, metadata: { model: 'mlp' } })
})

test('a file that is missing, truncated or a folder is refused in one line', async () => {
  const to = folder()
  const path = join(to, 'w.safetensors')
  assert.is(await messageOf(loadSafetensors(path)), `${path}: no such file or folder`)
  assert.is(await messageOf(loadSafetensors(to)), `${to}: it is a folder, not a file`)
  writeFileSync(path, 'short')
  assert.match(
    await messageOf(loadSafetensors(path)),
    /w\.safetensors: 5 bytes; a safetensors file/,
  )
})

test('tensors on the GPU of every dtype go to a file and come back', async () => {
  await gpu()
  const path = join(folder(), 'w.safetensors')
  const state = {
    weight: tensor([[1.5], [-2]]),
    step: tensor(Int32Array.of(-3)),
    seed: tensor(Uint32Array.of(2 ** 32 - 1)),
    mask: tensor([true, false, true]),
  }
  await saveSafetensors(path, await toHost(state))
  const back = fromHost((await loadSafetensors(path)).tensors)
  for (const [name, t] of Object.entries(state)) {
    assert.equal([back[name].dtype, back[name].shape], [t.dtype, t.shape], name)
    assert.equal(await back[name].array(), await t.array(), name)
  }
})

test('a counter of 64 bits, as Python writes it, is read as i32', async () => {
  await gpu()
  const { n } = fromHost({ n: { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) } })
  assert.equal([n.dtype, await n.item()], ['i32', 7])
})

test("files of NumPy and PyTorch are read from paths, and NumPy's are written", async () => {
  const to = folder()
  const state = expectedOf('state.pt')
  const { tensors, values } = await loadPt<{ epoch: number }>(join(formats, 'checkpoint.pt'), {
    prefix: 'model_state_dict',
  })
  assertSame(tensors, state, 'loadPt')
  assert.is(values.epoch, 3)
  assertSame(
    { '': await loadNpy(join(formats, 'version1.npy')) },
    expectedOf('version1.npy'),
    'npy',
  )
  await saveNpz(join(to, 'a.npz'), state)
  assertSame(await loadNpz(join(to, 'a.npz')), state, 'npz')
  await saveNpy(join(to, 'a.npy'), state['0.weight'])
  assert.equal(await loadNpy(join(to, 'a.npy')), state['0.weight'])
  assert.equal(readdirSync(to).sort(), ['a.npy', 'a.npz'])
})

test('a file that is missing or of another kind is named by its path', async () => {
  const path = join(folder(), 'x')
  for (const load of [loadPt, loadNpy, loadNpz]) {
    assert.is(await messageOf(load(path)), `${path}: no such file or folder`)
    const other = join(formats, 'pngs/grey.png')
    assert.ok((await messageOf(load(other))).startsWith(`${other}: `))
  }
})

test.run()
