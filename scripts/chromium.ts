/**
 * Headless Chromium, from the npm package @sparticuz/chromium, on its own SwiftShader.
 *
 * The page that it opens says how it went: it posts text to `/say`, which is printed, and at the end
 * an exit code to `/end`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const silence = 180e3 // a browser that says nothing for so long hangs

/** What a server answers. */
export interface Answer {
  /** A media type. */
  readonly type: string
  readonly body: string | Uint8Array
}

/** Opens `/` of a server that answers like this, and returns the exit code that the page posts. */
export function visit(answer: (path: string) => Answer | null): Promise<number> {
  const profile = mkdtempSync(join(tmpdir(), 'kernelgrad-chromium-'))
  return new Promise<number>((resolve, reject) => {
    let browser: ChildProcess | null = null
    let timer: NodeJS.Timeout
    const end = (code: number | Error) => {
      clearTimeout(timer)
      server.close()
      server.closeAllConnections()
      browser?.removeAllListeners('exit')
      browser?.once('exit', () => (code instanceof Error ? reject(code) : resolve(code)))
      if (!browser?.kill('SIGKILL')) code instanceof Error ? reject(code) : resolve(code)
    }
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => end(new Error('browser: Chromium is silent')), silence)
    }
    const server = createServer((request, response) => {
      if (request.method === 'GET') {
        const found = answer((request.url ?? '/').replace(/\?.*/, ''))
        response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'text/plain' })
        response.end(found?.body)
        return
      }
      let body = ''
      request.on('data', part => {
        body += part
      })
      request.on('end', () => {
        response.end()
        wait()
        if (request.url === '/end') end(Number(body))
        else process.stdout.write(body)
      })
    })
    server.listen(0, 'localhost', async () => {
      const address = `http://localhost:${(server.address() as AddressInfo).port}/`
      wait()
      try {
        const { default: chromium } = await import('@sparticuz/chromium')
        browser = spawn(
          await chromium.executablePath(),
          [...switches, `--user-data-dir=${profile}`, address],
          {
            stdio: ['ignore', 'ignore', 'pipe'],
          },
        )
        let words = ''
        browser.stderr?.on('data', part => {
          words = (words + part).slice(-2000)
        })
        browser.on('error', error => end(error))
        browser.on('exit', code => end(new Error(`browser: Chromium ended with ${code}: ${words}`)))
      } catch (error) {
        end(error as Error)
      }
    })
  }).finally(() => clear(profile))
}

/** Chromium's other processes may write for a moment after its first has ended. */
async function clear(folder: string): Promise<void> {
  for (let again = 20; again > 0; again--)
    try {
      return rmSync(folder, { recursive: true, force: true })
    } catch {
      await new Promise(resolve => setTimeout(resolve, 200))
    }
}

/** Without a window, with WebGPU, and quiet on the network. */
export const switches: readonly string[] = [
  '--headless=new',
  '--no-sandbox', // a container's root has no user namespaces
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-webgpu-adapter=swiftshader',
]
