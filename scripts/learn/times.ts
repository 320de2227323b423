/**
 * `npm run learn:times`: how heavy the built page is, and how soon a reader sees it and trains.
 * Build it first: `npm run build:learn`. Times are medians of five visits with an empty cache.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { leave, visit } from '../../learn/test/page.js'

const dist = fileURLToPath(new URL('../../learn/dist/', import.meta.url))
const visits = 5

const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`

/** Every file of the page, with its size and what a server sends of it. */
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(({ name, parentPath }) => {
    const bytes = readFileSync(join(parentPath, name))
    const packed = /\.(js|css|html|svg)$/.test(name) ? gzipSync(bytes).length : bytes.length
    return { name, text: bytes.toString('latin1'), packed }
  })

const programs = files.filter(({ name }) => name.endsWith('.js'))
const ofNode = programs.filter(({ text }) => /from\s*["']node:|require\(["']node:/.test(text))
if (ofNode.length > 0) throw new Error(`of Node: ${ofNode.map(({ name }) => name).join(', ')}`)

const sizeOf = (some: typeof files) => some.reduce((sum, { packed }) => sum + packed, 0)
console.log(`all files                 ${kB(sizeOf(files))} (text with gzip)`)
console.log(`programs                  ${kB(sizeOf(programs))}, nothing of Node in them`)

/** The median of what a visit to an address measures, in ms. */
async function median(hash: string, measure: string): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < visits; n++)
    await visit(hash, async page => {
      times.push(Number(await page.evaluate(measure)))
    })
  return times.sort((a, b) => a - b)[visits >> 1]
}

const paint = `performance.getEntriesByName('first-contentful-paint')[0].startTime`
console.log(`first page, first paint   ${(await median('#/', paint)).toFixed(0)} ms`)
const step = `new Promise(resolve => new PerformanceObserver(list => {
  const found = list.getEntriesByName('first training step')[0]
  if (found) resolve(found.startTime)
}).observe({ type: 'mark', buffered: true }))`
console.log(`first training step       ${(await median('#/autoencoders', step)).toFixed(0)} ms`)
await leave()
