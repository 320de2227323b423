/** The frame of the page: every address opens, at every width, in both colours. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scenes } from '../shell/scenes.js'
import { leave, visit } from './page.js'

test.after(leave)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const addresses = ['#/', ...scenes.map(({ path }) => `#/${path}`)]
for (let i = 1; i <= 7; i++) addresses.push(`#/chapter/${i}`)

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

for (const address of addresses)
  for (const [width, dark] of [
    [1280, false],
    [360, true],
  ] as const)
    test(`${address} at ${width} pixels is whole, and open to everybody`, () =>
      visit(
        address,
        async page => {
          assert.ok(await page.locator('h1').count(), 'it has a title')
          const wide = await page.evaluate('document.documentElement.scrollWidth')
          assert.ok(Number(wide) <= width, `nothing sticks out: ${wide} pixels`)
          await page.evaluate(axe)
          const found = await page.evaluate('axe.run().then(result => result.violations)')
          const words = (found as Violation[]).map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
          )
          assert.equal(words, [])
        },
        { width, dark },
      ))

test.run()
