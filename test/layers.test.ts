/** The direction of imports, and the generated module: claims about the source itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** What each folder may import from, beside itself. */
const allowed: Record<string, string[]> = {
  kernels: [],
  tensor: ['kernels'],
  launches: ['tensor', 'kernels'],
  compile: ['tensor', 'kernels'],
  autograd: ['compile', 'launches', 'tensor', 'kernels'],
  extend: ['autograd', 'compile', 'tensor', 'kernels'],
  explain: ['nn', 'autograd', 'compile', 'launches', 'tensor', 'kernels'],
  nn: ['autograd', 'compile', 'launches', 'tensor', 'kernels'],
  models: ['nn', 'autograd', 'tensor', 'kernels'],
  data: ['launches', 'tensor', 'kernels'],
  io: ['tensor', 'kernels'],
  tune: ['launches', 'tensor', 'kernels'],
  node: ['data', 'io', 'launches', 'tensor', 'kernels'],
}

const engine = [
  'kernels',
  'tensor',
  'launches',
  'compile',
  'autograd',
  'extend',
  'explain',
  'nn',
  'models',
  'data',
  'io',
  'tune',
]

function sources(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => join(src, file))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [
    ...text.matchAll(
      /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ].map(found => found[1] ?? found[2] ?? found[3])
}

const target = (from: string, path: string) => resolve(dirname(from), path.replace(/\.js$/, '.ts'))

test('a file imports from its own folder or from folders below it', () => {
  for (const file of sources()) {
    const [folder, ...rest] = relative(src, file).split('/')
    if (rest.length === 0 || !(folder in allowed)) continue
    for (const path of importsOf(file).filter(p => p.startsWith('.'))) {
      const [other, ...inside] = relative(src, target(file, path)).split('/')
      assert.ok(
        inside.length > 0 && (other === folder || allowed[folder].includes(other)),
        `${relative(src, file)} imports ${path}`,
      )
    }
  }
})

test('autograd knows tensors and launches: of kernels it imports preconditions alone', () => {
  for (const file of sources().filter(f => relative(src, f).startsWith('autograd/')))
    for (const path of importsOf(file).filter(p => p.includes('/kernels/')))
      assert.match(path, /\/kernels\/check\.js$/, `${relative(src, file)} imports ${path}`)
})

test('a launch is named after the kernels that it launches', () => {
  const names = readdirSync(join(src, 'kernels/wgsl'), { recursive: true, encoding: 'utf8' }).map(
    file => basename(file, '.wgsl'),
  )
  names.push('rung', 'variants', 'parts') // of several families
  for (const file of sources().filter(f => relative(src, f).startsWith('launches/'))) {
    const own = basename(file, '.ts')
    assert.ok(
      names.some(name => own.startsWith(name)),
      `no kernel for ${relative(src, file)}`,
    )
  }
})

test('the engine imports no package', () => {
  for (const file of sources()) {
    if (!engine.includes(relative(src, file).split('/')[0])) continue
    assert.equal(
      importsOf(file).filter(p => !p.startsWith('.')),
      [],
      relative(src, file),
    )
  }
})

test('what a browser bundles reaches no package and nothing of Node', () => {
  const reached = new Set<string>()
  const visit = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    for (const path of importsOf(file)) {
      assert.ok(path.startsWith('.'), `${relative(src, file)} imports ${path}`)
      visit(target(file, path))
    }
  }
  visit(join(src, 'index.ts'))
  assert.ok(reached.size > 40)
  assert.ok([...reached].every(file => !file.includes('/node')))
})

test('no import cycles, not even of types', () => {
  const state = new Map<string, 'open' | 'done'>()
  const visit = (file: string, path: string[]): void => {
    assert.not.equal(
      state.get(file),
      'open',
      `cycle: ${[...path, file].map(f => relative(src, f)).join(' → ')}`,
    )
    if (state.has(file)) return
    state.set(file, 'open')
    for (const p of importsOf(file).filter(p => p.startsWith('.')))
      visit(target(file, p), [...path, file])
    state.set(file, 'done')
  }
  for (const file of sources()) visit(file, [])
})

/** Files that are over 150 lines, and why they are one file all the same. */
const long: Record<string, string> = {
  'autograd/backward.ts': 'the walk, with what it says of misuse',
  'kernels/launch.ts': 'the queue, and its types',
  'kernels/recording.ts': 'one class, and what code says to a recording that is being made',
  'kernels/transfer.ts': 'reads and writes, and what a read waits for',
  'kernels/wgsl/binary.wgsl': 'a table of functions',
  'kernels/wgsl/unary.wgsl': 'a table of functions and derivatives',
  'nn/module.ts': 'one class',
  'tensor/tensor.ts': 'one class, and how its objects are made',
}

test('at most ten files are over 150 lines, each with its reason', () => {
  const over = readable()
    .filter(file => linesOf(file).length > 150)
    .map(file => relative(src, file))
  assert.equal(over.sort(), Object.keys(long).sort())
  assert.ok(over.length <= 10)
})

test('no line is over 100 columns, but of a table', () => {
  const over = readable().flatMap(file =>
    linesOf(file).flatMap((line, i) =>
      [...line].length > 100 && !file.endsWith('strokes.ts')
        ? [`${relative(src, file)}:${i + 1}`]
        : [],
    ),
  )
  assert.equal(over, [])
})

const generated = ['kernels/wgsl.ts', 'kernels/sources.ts']

function readable(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(ts|wgsl)$/.test(file) && !generated.includes(file))
    .map(file => join(src, file))
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
}

test.run()
