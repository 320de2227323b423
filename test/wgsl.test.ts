/** The kernels as the driver gets them: linked without a second meaning, and every entry compiles. */
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { link } from '../scripts/link.js'
import { device } from '../src/kernels/device.js'
import type { Kernel } from '../src/kernels/kernel.js'
import { kernels as texts } from '../src/kernels/sources.js'
import * as wgsl from '../src/kernels/wgsl.js'
import { gpu } from './gpu.js'

test.before(gpu)

const folder = new URL('../src/kernels/wgsl/', import.meta.url)
const read = (path: string) => readFileSync(new URL(`${path}.wgsl`, folder), 'utf8')
const kernels = Object.values(wgsl).filter(each => 'source' in each) as Kernel[]
const names = kernels.map(({ name }) => name)

test('functions of one name and signature have one body in all kernels', () => {
  const bodies = new Map<string, [body: string, kernel: string]>()
  for (const kernel of names) {
    for (const { kind, text } of link(kernel, read).declarations.values()) {
      const code = text.replace(/\/\/.*/g, '').trim()
      if (kind !== 'fn' || code.startsWith('@')) continue
      const [head] = code.split('{')
      const [body, other] = bodies.get(head) ?? [code, kernel]
      assert.is(code, body, `${head.trim()} of ${kernel} and of ${other}`)
      bodies.set(head, [code, kernel])
    }
  }
})

test('the text for readers is the linked source with its comments', () => {
  const words = (text: string) => text.split(/\s+/).filter(Boolean)
  assert.equal(Object.keys(texts), names)
  for (const name of names) assert.equal(words(texts[name]), words(link(name, read).text), name)
})

/** Features by the word that enables them. */
const features: Readonly<Record<string, string>> = {
  subgroups: 'subgroups',
  f16: 'shader-f16',
  chromium_experimental_subgroup_matrix: 'chromium-experimental-subgroup-matrix',
  subgroup_size_control: 'subgroup-size-control',
}

/** Whether the device has all that a text enables. */
function hasAllOf(code: string): boolean {
  const enabled = [...code.matchAll(/^enable (\w+);|(?<=;)enable (\w+);/gm)]
  return enabled.every(([, a, b]) => device().features.has(features[a ?? b]))
}

test('every entry of every kernel compiles, without a warning', async () => {
  for (const { name, source, entries } of kernels) {
    const code = source.join('\n')
    if (!hasAllOf(code)) continue
    const module = device().createShaderModule({ label: name, code })
    const { messages } = await module.getCompilationInfo()
    assert.equal(
      messages.map(({ message }) => message),
      [],
      name,
    )
    for (const entryPoint of Object.keys(entries))
      await device().createComputePipelineAsync({
        layout: 'auto',
        compute: { module, entryPoint },
      })
  }
})

test('the text for readers compiles as well: its names are no reserved words', async () => {
  for (const [name, code] of Object.entries(texts)) {
    if (!hasAllOf(code)) continue
    const { messages } = await device().createShaderModule({ code }).getCompilationInfo()
    assert.equal(
      messages.map(({ message }) => message),
      [],
      name,
    )
  }
})

test('a shared file imports and declares nothing in vain', () => {
  const used = new Set(names.flatMap(kernel => [...link(kernel, read).declarations.keys()]))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.wgsl'))
    .map(file => file.slice(0, -'.wgsl'.length))
  for (const file of files.filter(each => !names.some(name => name === each)))
    for (const name of link(file, read).declarations.keys())
      assert.ok(used.has(name), `${name} of ${file}`)
})

test('what is imported must exist, be used, and have one meaning', () => {
  const files: Record<string, string> = {
    'lib/one': 'fn f() -> u32 { return g(); }\nfn g() -> u32 { return 1u; }\n',
    ok: 'import package::lib::one::f;\n\n@compute @workgroup_size(1)\nfn main() { _ = f(); }\n',
    missing: 'import package::lib::one::h;\n\nfn main() { h(); }\n',
    unused: 'import package::lib::one::f;\n\nfn main() { }\n',
    twice: 'import package::lib::one::f;\n\nfn g() { }\nfn main() { _ = f(); }\n',
  }
  const text = (name: string) => link(name, path => files[path]).text
  assert.match(text('ok'), /fn main[\s\S]*fn f[\s\S]*fn g/)
  assert.not.match(text('ok'), /import/)
  assert.throws(() => text('missing'), /missing: there is no h in lib\/one/)
  assert.throws(() => text('unused'), /unused: f is imported and not used/)
  assert.throws(() => text('twice'), /twice: g comes from twice and from lib\/one/)
})

test.run()
