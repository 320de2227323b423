/** What the package promises to npm, Node and bundlers, held against the source. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const built = (file: string) => file.replace(/^.*\/src\//, './dist/').replace(/\.ts$/, '.js')
const source = (file: string) => join(root, file.replace('./dist/', 'src/')).replace(/\.js$/, '.ts')

test('bundlers keep each import that is there for its effect, and the file that it stands in', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.startsWith('cli/'))
    .map(file => join(root, 'src', file))
  const kept = files.flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/^import '(.+)\.js'/gm)].flatMap(([, path]) => [
      built(file),
      built(`${resolve(dirname(file), path)}.ts`),
    ]),
  )
  assert.ok(kept.includes('./dist/index.js') && kept.includes('./dist/autograd/methods.js'))
  for (const file of kept) assert.ok(manifest.sideEffects.includes(file), file)
})

test('what sideEffects and exports name is built from a source file', () => {
  const { node, default: browser } = manifest.exports['.']
  for (const file of [...manifest.sideEffects, node.default, browser])
    assert.ok(existsSync(source(file)), file)
})

test('what the package imports is a dependency, and the commands, which need more, stay out', () => {
  assert.equal(Object.keys(manifest.dependencies).sort(), ['@webgpu/types', 'webgpu'])
  assert.ok(manifest.files.includes('!src/cli'))
  const build = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'))
  assert.equal(build.exclude, ['src/cli'])
})

test.run()
