/**
 * Runs the tests that need no files in headless Chromium, on its own SwiftShader:
 *
 *     npm run test:browser                   all of them
 *     npm run test:browser -- nn ops         only these files of test/
 *     npm run test:browser -- --worker bits  in a worker
 *     npm run test:browser -- --ulp          the table of `npm run ulp`
 *     npm run test:browser -- --can          only says whether Chromium starts here, by the exit code
 *
 * Chromium comes from the npm package @sparticuz/chromium. The tests are bundled as a user of the
 * library would bundle them, with esbuild.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { build, type Plugin } from 'esbuild'
import { type Answer, visit } from './chromium.js'

const command = new Command('npm run test:browser --')
  .description('Runs the tests that need no files in headless Chromium.')
  .argument('[files...]', 'files of test/, without .test.ts; all by default')
  .option('--worker', 'in a worker of the page')
  .option('--ulp', 'only print the errors of the elementary functions')
  .option('--can', 'only try whether Chromium starts and has WebGPU')
  .parse()
const { can, ulp, worker } = command.opts<{ can?: true; ulp?: true; worker?: true }>()
const root = fileURLToPath(new URL('../', import.meta.url))

/** In a browser the library is index.ts (node.ts is that and Node's half), and fixtures are fetched. */
const withoutNode: Plugin = {
  name: 'without-node',
  setup({ onResolve }) {
    onResolve({ filter: /src\/node\.js$/ }, () => ({ path: join(root, 'src/index.ts') }))
    onResolve({ filter: /^\.\/fixture\.js$/ }, () => ({
      path: join(root, 'test/browser/fixture.ts'),
    }))
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

const module = can ? probe() : await bundle(ulp ? [] : suites(command.args))
process.exitCode = await visit(path => page(path, module))

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

function page(path: string, module: string): Answer | null {
  const kept = /^\/fixtures\/(\w+\.safetensors)$/.exec(path)
  if (kept) {
    const body = readFileSync(join(root, 'test/fixtures', kept[1]))
    return { type: 'application/octet-stream', body }
  }
  if (path === '/worker.js') {
    const body = "import './preamble.js'\nawait import('./module.js')"
    return { type: 'text/javascript', body }
  }
  if (path === '/start.js') {
    const body = "new Worker('/worker.js', { type: 'module' })"
    return { type: 'text/javascript', body }
  }
  if (path === '/preamble.js') return { type: 'text/javascript', body: preamble }
  if (path === '/module.js') return { type: 'text/javascript', body: module }
  if (path !== '/') return null
  const body = worker
    ? '<script src="/start.js"></script>'
    : '<script src="/preamble.js"></script><script type="module" src="/module.js"></script>'
  return { type: 'text/html; charset=utf-8', body }
}
