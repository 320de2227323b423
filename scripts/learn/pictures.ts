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
  tape: { hash: '#/tape' },
  views: { hash: '#/views' },
  kernel: { hash: '#/kernel' },
  trust: { hash: '#/trust' },
  autoencoders: { hash: '#/autoencoders' },
  bill: { hash: '#/bill' },
}

const folder = fileURLToPath(new URL('../../learn/public/recorded/', import.meta.url))
mkdirSync(folder, { recursive: true })

const sizes = [
  { suffix: '', width: 1100, height: 800 },
  { suffix: '-phone', width: 390, height: 844 },
]

for (const [name, { hash, ready }] of Object.entries(pictures)) {
  for (const { suffix, width, height } of sizes)
    await visit(
      hash,
      async page => {
        await ready?.(page)
        const path = `${folder}${name}${suffix}.jpg`
        await page.screenshot({ path, type: 'jpeg', quality: 65 })
      },
      { width, height },
    )
  console.log(name)
}
await leave()
