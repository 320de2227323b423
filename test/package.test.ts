/** What the package promises to npm, Node and bundlers, held against the source. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

test('no file is imported for its effect alone: bundlers may drop each that nobody uses', () => {
  assert.is(manifest.sideEffects, false)
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  for (const file of files.filter(each => each.endsWith('.ts') && !each.startsWith('cli/')))
    assert.not.match(readFileSync(join(root, 'src', file), 'utf8'), /^import '/m, file)
})

test('what exports names is built from a source file', () => {
  const named = JSON.stringify(manifest.exports).match(/\.\/dist\/[\w/-]+\.(js|d\.ts)/g) ?? []
  assert.ok(named.length > 10)
  for (const file of named.filter(each => each !== './dist/kernelgrad.min.js'))
    assert.ok(existsSync(join(root, file.replace('dist', 'src').replace(/(\.d\.ts|\.js)$/, '.ts'))))
})

test('the package installs nothing else: webgpu is for Node, and the commands stay out', () => {
  assert.is(manifest.dependencies, undefined)
  assert.ok(manifest.peerDependenciesMeta.webgpu.optional)
  assert.ok(manifest.files.includes('!src/cli'))
  const build = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'))
  assert.equal(build.exclude, ['src/cli'])
})

test.run()
