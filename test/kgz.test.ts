/** Images in .kgz files: there and back, with other weights, and by the commands. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeImages } from '../src/cli/imagefiles.js'
import { compressImages, restoreImages } from '../src/cli/kgz/codec.js'
import { quantise, restoreCodes } from '../src/cli/kgz/quantise.js'
import { decodeKgz } from '../src/cli/kgz/read.js'
import { encodeKgz } from '../src/cli/kgz/write.js'
import { makeNetwork } from '../src/cli/loaded.js'
import type { Network } from '../src/cli/network.js'
import { drawDigits } from '../src/data/digits.js'
import { readIdx } from '../src/data/idx.js'
import { saveSafetensors } from '../src/node/files.js'
import { io, manualSeed, shutdown } from '../src/node.js'
import { gpu } from './gpu.js'

const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-kgz-'))
const set = drawDigits({ count: 20, seed: 2 })
let conv: Network

test.before(async () => {
  await gpu()
  manualSeed(1)
  conv = await makeNetwork('conv')
})
test.after(() => {
  shutdown()
  rmSync(folder, { recursive: true })
})

test('codes come back within half a step of their range', () => {
  const codes = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7 * i) * (i % 3))
  for (const bits of [1, 5, 8, 16]) {
    const quantised = quantise(codes, 3, bits)
    assert.ok(quantised.codes.every(q => q < 2 ** bits))
    const restored = restoreCodes(quantised, bits)
    for (const [i, value] of restored.entries()) {
      const [low, high] = quantised.ranges.subarray(2 * (i % 3), 2 * (i % 3) + 2)
      const half = (high - low) / (2 ** bits - 1) / 2
      assert.ok(Math.abs(value - codes[i]) <= half + 1e-6, `${bits} ${i}`)
    }
  }
})

test('lossless files give the same bytes, lossy ones what the codes give', async () => {
  for (const bits of [2, 8, 11])
    for (const lossless of [false, true]) {
      const { content, decoded } = await compressImages(conv, set, { bits, lossless })
      const kgz = decodeKgz(encodeKgz(content), 'a.kgz')
      assert.is(kgz.header.count, 20)
      const pixels = await restoreImages(conv, kgz, 'a.kgz')
      assert.equal(pixels, Uint8Array.from(lossless ? set.images : decoded))
    }
})

test('other weights, another model and other pixels are refused', async () => {
  const { content } = await compressImages(conv, set, { bits: 8, lossless: true })
  const kgz = decodeKgz(encodeKgz(content), 'a.kgz')
  const others = [await makeNetwork('conv'), await makeNetwork('mlp')]
  for (const network of others)
    await restoreImages(network, kgz, 'a.kgz').then(
      () => assert.unreachable(),
      ({ message }) =>
        assert.match(message, /^a\.kgz: made with conv, weights [0-9a-f]{12}…; these/),
    )
  const header = { ...kgz.header, pixels: kgz.header.pixels ^ 1, adapter: 'another' }
  await restoreImages(conv, { ...kgz, header }, 'a.kgz').then(
    () => assert.unreachable(),
    ({ message }) =>
      assert.match(message, /rounds some pixels .* \(another\); decompress it there$/),
  )
})

test('the denoiser cannot compress', async () => {
  const denoiser = await makeNetwork('denoiser')
  await compressImages(denoiser, set, { bits: 8, lossless: false }).then(
    () => assert.unreachable(),
    ({ message }) => assert.match(message, /^--model denoiser: it has no codes/),
  )
})

test('the commands: IDX and .npy in, .npy and IDX out', async () => {
  const [weights, npy, idx, file] = ['w.safetensors', 'in.npy', 'in.idx', 'out.kgz'].map(name =>
    join(folder, name),
  )
  const metadata = { model: 'conv', options: JSON.stringify(conv.options) }
  await saveSafetensors(weights, await io.toHost(conv.model.stateDict()), metadata)
  for (const path of [npy, idx]) writeFileSync(path, encodeImages(path, set.images, [20, 28, 28]))
  for (const [images, back] of [
    [idx, join(folder, 'back.npy')],
    [npy, join(folder, 'back.idx')],
  ]) {
    const given = ['--weights', weights, '--json']
    const { bytes, bits } = found(kernelgrad('compress', images, file, '--lossless', ...given))
    assert.is(bits, 8)
    assert.is(bytes.kgz, readFileSync(file).length)
    assert.ok(bytes.pixels === 20 * 784 && bytes.png > bytes.gzip)
    assert.is(found(kernelgrad('decompress', file, back, ...given)).lossless, true)
    const bytesBack = readFileSync(back)
    const { shape, data } = back.endsWith('npy')
      ? io.decodeNpy(bytesBack)
      : await readIdx(bytesBack, back)
    assert.equal([...shape], [20, 28, 28])
    assert.equal(Uint8Array.from(data as Uint8Array), Uint8Array.from(set.images))
  }
  const words = kernelgrad('compress', idx, file, '--weights', weights)
  assert.match(words.stdout, /^this \.kgz file +\d+\.\d +\d+\.\d +\d+\.\d\d dB$/m)
  assert.is(words.stdout.trim().split('\n').at(-1), `written: ${file}`)
})

test('the commands refuse in one line, and write nothing', () => {
  const missing = join(folder, 'none.kgz')
  for (const [args, message] of [
    [['decompress', missing, join(folder, 'a.npy')], /none\.kgz: no such file/],
    [['decompress', missing, join(folder, 'a.png')], /a\.png: its name must end in \.npy, \.idx/],
    [['compress', join(folder, 'none.npy'), missing], /none\.npy: no such file/],
    [['compress', missing, missing, '--bits', '17'], /It must be at most 16/],
  ] as const) {
    const { status, stdout, errors } = kernelgrad(...args)
    assert.equal([status, stdout, errors.length], [1, '', 1], errors.join())
    assert.match(errors[0], message)
    assert.not.ok(existsSync(missing))
  }
})

function kernelgrad(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/cli/main.ts', ...args],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8', timeout: 120_000 },
  )
  const errors = stderr.split('\n').filter(line => line && !line.startsWith('Warning: max'))
  return { status, stdout, errors }
}

function found({ status, stdout, errors }: ReturnType<typeof kernelgrad>) {
  assert.is(status, 0, errors.join('\n'))
  return JSON.parse(stdout)
}

test.run()
