/** What a browser's user is told about the adapter. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { searchBrowser } from '../src/kernels/adapter.js'

/** Finds an adapter where `navigator.gpu` is this; returns what is said on the console, too. */
async function search(gpu: unknown) {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  const { warn } = console
  const said: string[] = []
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  console.warn = (words: string) => said.push(words)
  try {
    return { found: await searchBrowser(), said }
  } finally {
    console.warn = warn
    if (before) Object.defineProperty(globalThis, 'navigator', before)
    else Reflect.deleteProperty(globalThis, 'navigator')
  }
}

const offering = (info: object) => ({ requestAdapter: async () => ({ info }) })

async function refused(gpu: unknown, words: RegExp) {
  const error = await search(gpu).then(
    () => null,
    error => error as Error,
  )
  assert.match(error?.message ?? 'nothing was refused', words)
}

test('a browser without WebGPU is told which ones have it', () =>
  refused(undefined, /no WebGPU here: use a current Chrome/))

test('a browser that offers no adapter says where it tells why', () =>
  refused({ requestAdapter: async () => null }, /offers no GPU; see chrome:\/\/gpu/))

test('a browser that has no adapter yet is asked again', async () => {
  const info = { architecture: 'rdna-3', description: 'Radeon', isFallbackAdapter: false }
  let asked = 0
  const { found } = await search({ requestAdapter: async () => (++asked < 3 ? null : { info }) })
  assert.ok(found.adapter)
  assert.is(asked, 3)
})

test('an adapter on the CPU is used, and said so by name', async () => {
  for (const info of [
    { architecture: 'swiftshader', description: '', isFallbackAdapter: true },
    { architecture: 'swiftshader', description: '', isFallbackAdapter: false },
    { architecture: '', description: 'llvmpipe (LLVM 15, 256 bits)', isFallbackAdapter: false },
  ]) {
    const { found, said } = await search(offering(info))
    assert.ok(found.software)
    assert.is(said.length, 1)
    assert.match(said[0], /computes on the CPU \((swiftshader|llvmpipe .*)\), not on a GPU/)
  }
})

test('a GPU is used without a word', async () => {
  const info = { architecture: 'rdna-3', description: 'Radeon', isFallbackAdapter: false }
  const { found, said } = await search(offering(info))
  assert.not(found.software)
  assert.equal(said, [])
})

test.run()
