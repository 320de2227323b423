/** The page that compares this library's names with PyTorch's. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { coverage } from '../scripts/coverage.js'

const page = new URL('../docs/coverage.md', import.meta.url)

test('docs/coverage.md is up to date', () => {
  assert.ok(readFileSync(page, 'utf8') === coverage(), 'it is old: npm run coverage')
})

test.run()
