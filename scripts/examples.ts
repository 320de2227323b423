/**
 * Packs the package, installs it in copies of the projects in examples/, builds and runs them, and
 * checks the loss that each of them prints or shows. Pages are opened in headless Chromium.
 *
 *     npm run examples                  all but those that download a runtime (deno, bun)
 *     npm run examples -- vite deno     only these
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Answer, visit } from './chromium.js'
import { checkNames } from './names.js'

interface Manifest {
  name: string
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies?: Record<string, string>
  /** What `npm start` must print, as a regular expression; by default a small loss. */
  expect?: string
}

const root = fileURLToPath(new URL('../', import.meta.url))
const oldest = 'typescript-5.7'
const all = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)
  .concat(oldest)
const wanted = process.argv.slice(2)
checkNames(wanted, { among: all, kind: 'example' })
const names = wanted.length > 0 ? wanted : all.filter(name => !['deno', 'bun'].includes(name))

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
}

const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-examples-'))
const failures: string[] = []
try {
  install()
  for (const name of names) attempt(name, () => build(name))
  const pages = names.filter(name => existsSync(join(folder, name, 'index.html')))
  if (pages.length > 0 && (await visit(path => answer(path, pages))) !== 0) failures.push('a page')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (failures.length > 0) {
  console.log(`examples: not right: ${failures.join(', ')}`)
  process.exitCode = 1
}

/** One installation for all: each project is a workspace. */
function install(): void {
  npm(root, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder)
  const packed = readdirSync(folder).find(file => file.endsWith('.tgz'))
  for (const name of names) {
    const source = join(root, 'examples', name === oldest ? 'typescript' : name)
    const own = (file: string) => !['node_modules', 'dist'].includes(basename(file))
    cpSync(source, join(folder, name), { recursive: true, filter: own })
    const manifest = manifestOf(name)
    manifest.name = `example-${name}`
    manifest.dependencies.kernelgrad = `file:../${packed}`
    if (name === oldest) manifest.devDependencies!.typescript = '~5.7.0'
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify(manifest))
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, workspaces: names }))
  npm(folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error')
  // the software driver of this clone, where a machine has none
  for (const driver of ['@sparticuz', 'tar-fs'])
    symlinkSync(join(root, 'node_modules', driver), join(folder, 'node_modules', driver))
}

function build(name: string): void {
  const { scripts, expect } = manifestOf(name)
  if (scripts.build) npm(join(folder, name), 'run', 'build', '--silent')
  if (!scripts.start) return
  const printed = npm(join(folder, name), 'start', '--silent')
  const loss = Number(printed.match(/loss (\S+?),?\s/)?.[1])
  if (!(expect ? new RegExp(expect).test(printed) : loss < 0.001))
    throw new Error(`printed ${printed}`)
  console.log(`${name}: ${printed.trim()}`)
}

function attempt(name: string, f: () => void): void {
  try {
    f()
  } catch (error) {
    const { message, stdout = '' } = error as Error & { stdout?: string }
    console.log(`${name}: ${message}\n${stdout}`)
    failures.push(name)
  }
}

function npm(where: string, ...words: string[]): string {
  return execFileSync('npm', words, { cwd: where, encoding: 'utf8' })
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'))
}

/** `/` opens the pages one after the other, and reads the loss that each of them shows. */
function answer(path: string, pages: readonly string[]): Answer | null {
  if (path === '/')
    return { type: 'text/html', body: `<script type="module">${reader(pages)}</script>` }
  const file = [path, path.replace(/^\/[^/]+(?=\/node_modules\/)/, '')]
    .map(each => join(folder, each))
    .find(each => existsSync(each))
  return file ? { type: types[extname(file)] ?? 'text/plain', body: readFileSync(file) } : null
}

function reader(pages: readonly string[]): string {
  const paths = pages.map(name => {
    const built = existsSync(join(folder, name, 'dist/index.html'))
    return [name, `/${name}/${built ? 'dist/' : ''}index.html`]
  })
  return `
    const post = (path, body) => fetch(path, { method: 'POST', body })
    let bad = 0
    for (const [name, path] of ${JSON.stringify(paths)}) {
      const frame = document.body.appendChild(document.createElement('iframe'))
      const errors = []
      frame.src = path
      await new Promise(resolve => (frame.onload = resolve))
      for (const event of ['error', 'unhandledrejection'])
        frame.contentWindow.addEventListener(event, e => errors.push(e.message ?? e.reason))
      const end = Date.now() + 30000
      const text = () => frame.contentDocument.body.textContent
      while (!text().startsWith('loss') && errors.length === 0 && Date.now() < end)
        await new Promise(resolve => setTimeout(resolve, 50))
      const right = parseFloat(text().slice(5)) < 0.001
      if (!right) bad++
      await post('/say', name + ': ' + (errors.join(' ') || text() || 'nothing in 30 s') + '\\n')
      frame.remove()
    }
    await post('/end', String(bad))`
}
