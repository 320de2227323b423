/**
 * `npm run learn:pictures`: pictures of each scene, for docs/learn.md, and for readers whose
 * browser has no WebGPU. Build the page first: `npm run build:learn`.
 */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { leave, visit } from '../../learn/test/page.js'

/** The state of each scene that its picture shows, and how it gets there. */
const pictures: Record<string, { hash: string; ready?: (page: Page) => Promise<unknown> }> = {
  tape: { hash: `#/tape?e=${encodeURIComponent('x*x + x')}&at=4` },
  views: { hash: '#/views' },
  kernel: {
    hash: '#/kernel?rung=register',
    ready: async page => {
      await page.getByText(/^Right: C = A B/).waitFor({ timeout: 120e3 })
      await page.getByText('This invocation loads').first().waitFor({ timeout: 120e3 })
    },
  },
  trust: {
    hash: '#/trust?rule=tanh',
    async ready(page) {
      await page.getByRole('button', { name: 'Check all rules' }).click()
      await page.locator('.planting .verdict:is(.right, .wrong)').waitFor({ timeout: 120e3 })
    },
  },
  autoencoders: {
    hash: '#/autoencoders',
    async ready(page) {
      await page.waitForFunction(
        () =>
          Number(document.querySelector('[data-figure="step"]')?.textContent?.replace(',', '')) >=
          300,
        undefined,
        { timeout: 300e3 },
      )
      await page.evaluate('scrollTo(0, document.body.scrollHeight)') // to the codes
    },
  },
  bill: {
    hash: '#/bill',
    ready: page => page.waitForSelector('[data-cost="compiled"]', { timeout: 120e3 }),
  },
}

const folder = fileURLToPath(new URL('../../learn/public/recorded/', import.meta.url))
mkdirSync(folder, { recursive: true })

const sizes = [
  { suffix: '', width: 1320, height: 960 },
  { suffix: '-phone', width: 390, height: 844 },
]

for (const [name, { hash, ready }] of Object.entries(pictures)) {
  for (const { suffix, width, height } of sizes)
    await visit(
      hash,
      async page => {
        await page
          .locator('.note[role=note]')
          .evaluateAll(notes => notes.map(note => note.remove()))
        await ready?.(page)
        const path = `${folder}${name}${suffix}.jpg`
        await page.screenshot({ path, type: 'jpeg', quality: 65 })
      },
      { width, height },
    )
  console.log(name)
}
await leave()
