/** The files of examples/, run as a reader runs them, but with few steps. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const examples = fileURLToPath(new URL('../examples/', import.meta.url))
const tsx = new URL('../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href

interface Run {
  arguments?: string[]
  prints: RegExp
  writes?: string[]
}

/** Every file, its arguments for a short run, and what that run prints and writes. */
const runs: Record<string, Run> = {
  'beta-vae': {
    arguments: ['3'],
    prints: /^[\d.]+ % of test digits are what most of their 15 neighbours are$/m,
    writes: ['beta-vae-plane.png', 'beta-vae-codes.png'],
  },
  classifier: { arguments: ['.'], prints: /^epoch 6: loss [\d.]+, [\d.]+ % right/m },
  denoising: {
    arguments: ['3'],
    prints: /^noisy 13\.\d+ dB, median 1[78]\.\d+ dB, Gaussian filter 18\.\d+ dB$/m,
    writes: ['denoising.png'],
  },
  diffusion: {
    arguments: ['3'],
    prints: /^\d+ % of the samples look like their digit$/m,
    writes: ['diffusion.png'],
  },
  lstm: { arguments: ['2', '5'], prints: /^A tensor /m },
  resnet18: { arguments: ['1', '2'], prints: /^batch 1: \d+ ms a step/m },
  transformer: { arguments: ['2', '5'], prints: /^A tensor /m },
  xor: { prints: /^250 0\.0/m },
}

/** A folder with a data set of MNIST's form: 100 black images in each part. */
function folderWithImages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
  const write = (name: string, type: number, shape: number[]) => {
    const head = new DataView(new ArrayBuffer(4 + 4 * shape.length))
    head.setUint32(0, type)
    for (const [i, n] of shape.entries()) head.setUint32(4 + 4 * i, n)
    const values = Buffer.alloc(shape.reduce((a, b) => a * b))
    writeFileSync(join(folder, name), Buffer.concat([Buffer.from(head.buffer), values]))
  }
  for (const part of ['train', 't10k']) {
    write(`${part}-images-idx3-ubyte`, 0x803, [100, 28, 28])
    write(`${part}-labels-idx1-ubyte`, 0x801, [100])
  }
  return folder
}

test('every example has a run here, and fewer than 120 lines', () => {
  const files = readdirSync(examples).filter(name => name.endsWith('.ts'))
  assert.equal(
    files.sort(),
    Object.keys(runs)
      .sort()
      .map(name => `${name}.ts`),
  )
  for (const file of files) {
    const lines = readFileSync(join(examples, file), 'utf8').split('\n').length - 1
    assert.ok(lines < 120, `${file} has ${lines} lines`)
  }
})

for (const [name, { arguments: given = [], prints, writes = [] }] of Object.entries(runs))
  test(`examples/${name}.ts runs and says what came out`, () => {
    const folder = folderWithImages()
    const command = ['--import', tsx, join(examples, `${name}.ts`), ...given]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
      env: { ...process.env, FORCE_COLOR: '0' },
    })
    assert.is(status, 0, stderr)
    assert.match(stdout, prints)
    for (const file of writes) {
      assert.ok(existsSync(join(folder, 'out', file)), `out/${file} is missing`)
      assert.match(stdout, file)
    }
    rmSync(folder, { recursive: true })
  })

test.run()
