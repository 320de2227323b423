/** `npm run parity`, as its user sees it: what it prints, what it refuses to call passed, and how it ends. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeSafetensors, encodeSafetensors } from '../src/io/safetensors.js'
import type { Case } from './goldens/file.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))

function parity(...args: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/parity.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: undefined },
  })
}

interface Content {
  cases: Case[]
  tensors: ReturnType<typeof decodeSafetensors>['tensors']
  metadata: Record<string, string>
}

/** A folder with the cases of one op from the fixtures, changed. Removed after the tests. */
function folderOf(op: string, change: (content: Content) => void = () => {}): string {
  const { tensors, metadata } = decodeSafetensors(readFileSync(join(fixtures, 'ops.safetensors')))
  const cases = (JSON.parse(metadata.cases) as Case[]).filter(one => one.op === op)
  const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${op}/`))
  const content = { cases, tensors: Object.fromEntries(own), metadata }
  change(content)
  metadata.cases = JSON.stringify(content.cases)
  return folderWith('some.safetensors', encodeSafetensors(content.tensors, metadata))
}

const made: string[] = []
test.after(() => {
  for (const folder of made) rmSync(folder, { recursive: true })
})

function folderWith(name: string, bytes: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'goldens-'))
  made.push(folder)
  writeFileSync(join(folder, name), bytes)
  return folder
}

test('every case of ops that are there passes, and each op has a line', () => {
  const { status, signal, stdout } = parity(fixtures, '--op', 'add,matmul,sum,exp')
  assert.is(signal, null)
  assert.match(stdout, /^ops\.safetensors: group ops, 65 of 434 cases, PyTorch 1\.13\.0a0/m)
  assert.match(stdout, /^large\.safetensors: group large, 6 of 15 cases/m)
  assert.match(stdout, /^ {2}add +15 +15 +[\d.]+ {2}add\/\d+, \w+: element/m)
  assert.match(stdout, /^71 cases in \d+ s: 71 passed \(the worst at 0\.\d+ of its bound: .*\)$/m)
  assert.is(status, 0)
})

test('a model is run on the images that its file brings', () => {
  const { status, stdout } = parity(fixtures, '--case', 'mlp')
  assert.match(stdout, /^model_mlp\.safetensors: group model/m)
  assert.is(status, 0)
})

test('--case runs one case, --verbose says how each did', () => {
  const { status, stdout } = parity(fixtures, '--case', 'mul/03', '--verbose')
  assert.is(status, 0)
  assert.match(stdout, /^ {2}✓ mul\/03 {2}mul /m)
  assert.match(stdout, /1 of 434 cases/)
})

test('a value that is off fails its case, with exit code 1 and the command that repeats it', () => {
  const folder = folderOf('relu', ({ cases, tensors }) => {
    const { data } = tensors[cases[1].outputs[0].key!]
    data[0] = Number(data[0]) + 1e-4
  })
  const { status, stdout } = parity(folder)
  assert.is(status, 1)
  assert.match(stdout, /^✗ relu +5 +4 .*relu\/02, out: element 0: /m)
  assert.match(stdout, /^✗ relu\/02: out: element 0: .* times its bound$/m)
  assert.match(stdout, /again: npm run parity -- \S+ --case relu\/02/)
  assert.match(stdout, /5 cases in \d+ s: 4 passed.*, 1 FAILED/)
})

test('a gradient that is off fails its case too', () => {
  const folder = folderOf('relu', ({ cases, tensors }) => {
    const { data } = tensors[cases[0].inputs[0].grad!.key!]
    data[0] = Number(data[0]) - 1e-4
  })
  const { status, stdout } = parity(folder)
  assert.is(status, 1)
  assert.match(stdout, /^✗ relu\/01: dx: element 0: /m)
})

test('an op that is not there is a failure, by itself and in a program', () => {
  const folder = folderOf('relu', ({ cases }) => {
    cases[0].op = 'frobnicate'
    cases[1].op = 'program'
    cases[1].params = { steps: [['y', 'twiddle', ['x'], {}]], outputs: ['y'] }
  })
  const { status, stdout } = parity(folder)
  assert.is(status, 1)
  assert.match(stdout, /^✗ frobnicate +1 +0 +not run$/m)
  assert.match(stdout, /^✗ unknown here: frobnicate, which 1 case needs: relu\/01$/m)
  assert.match(stdout, /^✗ unknown here: twiddle, which 1 case needs: relu\/02$/m)
  assert.match(stdout, /3 passed.*, 2 NOT RUN/)
})

test('cases of an unknown group are not passed over', () => {
  const folder = folderOf('neg', ({ metadata }) => {
    metadata.group = 'dances'
  })
  const { status, stdout } = parity(folder)
  assert.is(status, 1)
  assert.match(stdout, /unknown here: the group 'dances', which 3 cases need: neg\/01/)
})

test('an inf in place of a number fails, whatever the tags of the case', () => {
  const spoilt = folderOf('relu', ({ cases, tensors }) => {
    cases[0].tags = ['nonfinite', 'denormal']
    tensors[cases[0].outputs[0].key!].data[0] = Infinity
  })
  const { status, stdout } = parity(spoilt)
  assert.is(status, 1)
  assert.match(stdout, /✗ relu\/01: out: element 0: .* instead of Infinity/)
})

test('a damaged file and one that holds no goldens are named, and fail', () => {
  const folder = folderOf('neg')
  writeFileSync(
    join(folder, 'cut.safetensors'),
    readFileSync(join(folder, 'some.safetensors')).subarray(0, 900),
  )
  writeFileSync(join(folder, 'weights.safetensors'), encodeSafetensors({}))
  const { status, stdout } = parity(folder)
  assert.is(status, 1)
  assert.match(stdout, /^✗ cut\.safetensors: .*truncated/m)
  assert.match(stdout, /^✗ weights\.safetensors: its format is not named; goldens-v1 is wanted$/m)
  assert.match(stdout, /3 passed.*; NOT READ: cut\.safetensors, weights\.safetensors$/m)
})

test('training.json is named as what it is', () => {
  const folder = folderOf('neg')
  writeFileSync(join(folder, 'training.json'), '{}')
  const { status, stdout } = parity(folder)
  assert.is(status, 0)
  assert.match(stdout, /^training\.json holds learning curves, no cases: .*npm start/m)
})

// biome-ignore format: a table reads in columns
const refusals: [claim: string, args: () => string[], said: RegExp][] = [
  ['a folder that is not there',   () => ['/nowhere/at/all'],                   /^kernelgrad: \/nowhere\/at\/all: no such file or folder\n$/],
  ['a folder without goldens',     () => [folderWith('notes.txt', 'nothing')],  /^kernelgrad: \S+: no \*\.safetensors file in it.*\n$/],
  ['an op that no file has',       () => [fixtures, '--op', 'matmull'],         /^kernelgrad: there is no op 'matmull'; did you mean matmul\?\n$/],
  ['a case that no file has',      () => [fixtures, '--case', 'mul/99'],        /^kernelgrad: there is no case 'mul\/99'; did you mean .*mul\/.*\?\n$/],
]

for (const [claim, args, said] of refusals) {
  test(`${claim} ends in one line and exit code 1`, () => {
    const { status, stderr } = parity(...args())
    assert.is(status, 1)
    assert.match(stderr, said)
  })
}

test.run()
