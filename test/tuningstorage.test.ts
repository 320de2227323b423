/** What was measured in a browser is kept in the page's localStorage. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { storageOfBrowser } from '../src/launches/rungs/rung.js'

/** In Node there is no localStorage that outlives the process: this stands for it. */
function stored(): { getItem(key: string): string | null } {
  const items = new Map<string, string>()
  const local = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
  if (!('localStorage' in globalThis))
    Object.defineProperty(globalThis, 'localStorage', { value: local, configurable: true })
  return globalThis.localStorage
}

test('it is kept by adapter, and forgotten', () => {
  const local = stored()
  const store = storageOfBrowser()
  store.save('this card', { matmul: 'vector' })
  assert.equal(store.load('this card'), { matmul: 'vector' })
  assert.is(store.load('another'), null)
  assert.is(local.getItem('kernelgrad tuning this card'), '{"matmul":"vector"}')
  store.save('this card', null)
  assert.is(store.load('this card'), null)
})

test('what is no JSON counts as nothing', () => {
  stored()
  globalThis.localStorage.setItem('kernelgrad tuning this card', 'no JSON')
  assert.is(storageOfBrowser().load('this card'), null)
})

test.run()
