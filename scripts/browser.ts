/**
 * Runs the tests that need no files in headless Chromium, on its own SwiftShader:
 *
 *     npm run browser                   all of them
 *     npm run browser -- nn ops         only these files of test/
 *     npm run browser -- --ulp          the table of `npm run ulp`
 *     npm run browser -- --can          only says whether Chromium starts here, by the exit code
 *
 * Chromium comes from the npm package @sparticuz/chromium. The tests are bundled as a user of the
 * library would bundle them, with esbuild.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { build, type Plugin } from 'esbuild'

const silence = 180e3 // a browser that says nothing for so long hangs

const command = new Command('npm run browser --')
  .description('Runs the tests that need no files in headless Chromium.')
  .argument('[files...]', 'files of test/, without .test.ts; all by default')
  .option('--ulp', 'only print the errors of the elementary functions')
  .option('--can', 'only try whether Chromium starts and has WebGPU')
  .parse()
const { can, ulp } = command.opts<{ can?: true; ulp?: true }>()
const root = fileURLToPath(new URL('../', import.meta.url))

/** In a browser the library is index.ts; node.ts is that and Node's half. */
const withoutNode: Plugin = {
  name: 'without-node',
  setup({ onResolve }) {
    onResolve({ filter: /src\/node\.js$/ }, () => ({ path: join(root, 'src/index.ts') }))
  },
}

/** Sends what the page's console prints to this process; `failed` counts uvu's failures by what it prints. */
const preamble = `
  let lost = 0
  let sending = Promise.resolve()
  const say = text => (sending = sending.then(() => fetch('/say', { method: 'POST', body: text })))
  globalThis.failed = async () => { await sending; return lost ? '1' : '0' }
  console.log = (...all) => { if (all.join(' ').includes('FAIL')) lost++; say(all.join(' ') + '\\n') }
  console.warn = console.error = console.log
  addEventListener('error', e => { lost++; say(e.message + '\\n').then(() => fetch('/end', { method: 'POST', body: '1' })) })
  addEventListener('unhandledrejection', e => { lost++; say(String(e.reason?.stack ?? e.reason) + '\\n').then(() => fetch('/end', { method: 'POST', body: '1' })) })
  globalThis.UVU_DEFER = 1
  globalThis.UVU_QUEUE = []
  globalThis.UVU_INDEX = 0`

process.exitCode = await run(can ? probe() : await bundle(ulp ? [] : suites(command.args)))

/** Names of test files: without those that need the host's files or processes. */
function suites(wanted: readonly string[]): string[] {
  const all = readdirSync(join(root, 'test'))
    .filter(file => file.endsWith('.test.ts'))
    .filter(file => !needsHost(readFileSync(join(root, 'test', file), 'utf8')))
    .map(file => file.replace('.test.ts', ''))
  for (const name of wanted)
    if (!all.includes(name))
      throw new Error(`browser: no test file '${name}' runs here; there are ${all.join(', ')}`)
  return wanted.length > 0 ? [...wanted] : all
}

function needsHost(text: string): boolean {
  return /'node:|\/src\/node\/|\/scripts\/|\/bench\/|\/cli\/|\.\/fuzz\/|setImmediate/.test(text)
}

function probe(): string {
  return `
    const adapter = await navigator.gpu?.requestAdapter()
    console.log(adapter ? 'WebGPU in Chromium' : 'no WebGPU in Chromium')
    await fetch('/end', { method: 'POST', body: adapter ? '0' : '1' })`
}

/** One module with all tests, which reports when it is through. */
async function bundle(names: readonly string[]): Promise<string> {
  const more = ulp ? 'ulp' : command.args.length > 0 ? null : 'long'
  const files = names.map(name => `${name}.test`).concat(more ? `browser/${more}` : [])
  const imports = files.map(
    file => `
      UVU_INDEX = UVU_QUEUE.push(['${file}.ts']) - 1
      await import('./test/${file}.ts')`,
  )
  const entry = `
    import { exec } from 'uvu'
    ${imports.join('')}
    await exec()
    await fetch('/end', { method: 'POST', body: await failed() })`
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    write: false,
    define: { 'process.env': '{}' },
    plugins: [withoutNode],
    logLevel: 'error',
  })
  return outputFiles[0].text
}

/** Serves a page with this module to Chromium, prints what it says, and returns its exit code. */
function run(module: string): Promise<number> {
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
      if (request.method === 'GET') return response.end(page(request.url ?? '', module, response))
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
        browser = spawn(await chromium.executablePath(), [...flags(profile), address], {
          stdio: ['ignore', 'ignore', 'pipe'],
        })
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

function flags(profile: string): string[] {
  return [
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
    `--user-data-dir=${profile}`,
  ]
}

function page(url: string, module: string, response: { setHeader(k: string, v: string): void }) {
  response.setHeader('content-type', url === '/' ? 'text/html; charset=utf-8' : 'text/javascript')
  if (url === '/preamble.js') return preamble
  if (url === '/module.js') return module
  return url === '/'
    ? '<script src="/preamble.js"></script><script type="module" src="/module.js"></script>'
    : ''
}
