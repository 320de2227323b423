/** The built page in headless Chromium: what a reader would click, and what a reader would see. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver, type Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { switches } from '../../scripts/chromium.js'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
}

/** Chromium ends the device of a WebGPU canvas unless all that it draws goes through one driver. */
const canvases = [
  '--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan',
  '--use-angle=swiftshader',
]

let running: Promise<{ browser: Browser; server: Server; address: string }> | undefined

async function start() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = join(dist, path === '/' ? 'index.html' : path)
    try {
      const content = readFileSync(file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' })
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  const executablePath = await chromium.executablePath()
  const browser = await driver.launch({ executablePath, args: [...switches, ...canvases] })
  return { browser, server, address: `http://localhost:${(server.address() as AddressInfo).port}` }
}

export interface VisitOptions {
  /** Pixels; 1280 × 800 by default. */
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  readonly stillMotion?: boolean
}

/** Opens an address such as '#/tape?e=x*y', and fails if the page says an error on its console. */
export async function visit(
  hash: string,
  look: (page: Page) => Promise<void>,
  { width = 1280, height = 800, dark = false, stillMotion = false }: VisitOptions = {},
): Promise<void> {
  running ??= start()
  const { browser, address } = await running
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'en-US', // uPlot asks for a language, and that of a bare machine is none
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: stillMotion ? 'reduce' : 'no-preference',
  })
  try {
    const page = await context.newPage()
    const errors: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') errors.push(message.text())
    })
    page.on('pageerror', error => errors.push(String(error.stack ?? error)))
    page.on('request', request => {
      const url = request.url()
      if (!url.startsWith(address) && !/^(blob|data):/.test(url)) errors.push(`asked for ${url}`)
    })
    await page.goto(`${address}/${hash}`)
    await page.waitForSelector('main :not([aria-busy])')
    await page.waitForFunction(() => !document.querySelector('[aria-busy]'))
    await look(page)
    assert.equal(errors, [], `${hash}: errors on the console, or requests to elsewhere`)
  } finally {
    await context.close()
  }
}

/** Ends the browser; call it after the last test of a file. */
export async function leave(): Promise<void> {
  if (!running) return
  const { browser, server } = await running
  running = undefined
  await browser.close()
  server.close()
}
