/** Every public name is documented, and the lists of names are up to date. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allNames, json, llms } from '../scripts/api.js'
import * as explain from '../src/explain/index.js'
import * as kg from '../src/node.js'
import * as tune from '../src/tune/index.js'

const names = allNames()
const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

test('every name that the library exports is among the public names', () => {
  const known = new Set(names.map(({ name }) => name))
  const missing = Object.entries(kg).flatMap(([name, value]) =>
    typeof value === 'object' // a namespace
      ? Object.keys(value)
          .map(inner => `${name}.${inner}`)
          .filter(each => !known.has(each) && !each.startsWith('nn.init'))
      : known.has(name)
        ? []
        : [name],
  )
  const others = Object.entries({ explain, tune }).flatMap(([entry, names]) =>
    Object.keys(names)
      .map(name => `${entry}/${name}`)
      .filter(name => !known.has(name)),
  )
  assert.equal([...missing, ...others], [])
  assert.ok(names.length > 200)
})

test('every public function and class says what it does', () => {
  const silent = names
    .filter(({ kind, doc }) => doc === '' && kind !== 'interface' && kind !== 'type')
    .map(({ name, file, line }) => `${name} (${file}:${line})`)
  assert.equal(silent, [])
})

test('llms.txt and docs/api.json are up to date: npm run api writes them', () => {
  assert.ok(read('docs/api.json') === json(names), 'run `npm run api`')
  assert.ok(read('llms.txt') === llms(names), 'run `npm run api`')
})

test.run()
