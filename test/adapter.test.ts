/** Finding an adapter in Node: the order, what changes it, and the error without an adapter. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

interface End {
  code: number | null
  signal: string | null
  stdout: string
  stderr: string
}

const root = fileURLToPath(new URL('..', import.meta.url))
const linux = process.platform === 'linux' && process.arch === 'x64'
const cache = mkdtempSync(join(tmpdir(), 'kernelgrad-cache-'))

/** Finds an adapter, opens its device, and prints what was found as JSON. */
const find = `
  const { findAdapter } = await import('./src/node/adapter.js')
  const { adapter, kind, software, why, release } = await findAdapter()
  const device = await adapter.requestDevice()
  device.destroy()
  release()
  const left = process.env.VK_DRIVER_FILES ?? null
  console.log(JSON.stringify({ kind, software, why, left }))`

/** The same where the packaged driver is not installed. */
const bare = `
  const { default: Module } = await import('node:module')
  const resolve = Module._resolveFilename
  Module._resolveFilename = (id, ...rest) => {
    if (id.startsWith('@sparticuz/')) throw new Error('not installed')
    return resolve(id, ...rest)
  }
  ${find}`

/** Runs a script in its own process, 30 s at most; only `env` may ask for an adapter. */
function run(script: string, env: NodeJS.ProcessEnv): Promise<End> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: root,
      timeout: 30_000,
      env: {
        ...process.env,
        FORCE_COLOR: '0',
        KERNELGRAD_ADAPTER: undefined,
        VK_DRIVER_FILES: undefined,
        VK_ICD_FILENAMES: undefined,
        ...env,
      },
    },
  )
  const end = { stdout: '', stderr: '' }
  child.stdout!.on('data', text => (end.stdout += text))
  child.stderr!.on('data', text => (end.stderr += text))
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => done({ code, signal, ...end }))
  })
}

/** The result of a search that succeeded. */
function found({ code, signal, stdout, stderr }: End) {
  assert.is(signal, null, stderr)
  assert.is(code, 0, stderr)
  return JSON.parse(stdout) as { kind: string; software: boolean; why: string; left: string | null }
}

/** The manifest of a lavapipe that Dawn accepts, found without the code under test; or null. */
async function lavapipe(): Promise<string | null> {
  const folder = '/usr/share/vulkan/icd.d'
  const name = existsSync(folder) && readdirSync(folder).find(file => file.startsWith('lvp_icd'))
  if (name) {
    const manifest = join(folder, name)
    const end = await run(find, { VK_DRIVER_FILES: manifest })
    if (end.stdout.includes('"kind":"lavapipe"')) return manifest
  }
  console.log(`skipped: ${name ? 'the lavapipe of this machine is too old' : 'no lavapipe here'}`)
  return null
}

test('SwiftShader is used when asked for, whatever else is installed', async () => {
  if (!linux) return console.log('skipped: the packaged driver is for Linux on x86-64')
  const { kind, software, left } = found(await run(find, { KERNELGRAD_ADAPTER: 'swiftshader' }))
  assert.is(kind, 'swiftshader')
  assert.is(software, true)
  assert.is(
    left,
    null,
    'the environment is left as it was, for the processes started from this one',
  )
})

test('lavapipe is used when asked for, even if the user named other drivers', async () => {
  if (!(await lavapipe())) return
  const { kind, software, left } = found(
    await run(find, { KERNELGRAD_ADAPTER: 'lavapipe', VK_DRIVER_FILES: '/nowhere.json' }),
  )
  assert.is(kind, 'lavapipe')
  assert.is(software, true)
  assert.is(left, '/nowhere.json')
})

test('a GPU that is asked for is a GPU, or an error that says what to do', async () => {
  const end = await run(find, { KERNELGRAD_ADAPTER: 'gpu' })
  if (end.code === 0) return assert.is(found(end).kind, 'gpu')
  assert.is(end.code, 1)
  assert.match(
    end.stderr,
    /Error: no GPU found: .*install its Vulkan driver, or unset the variable/,
  )
})

test('an adapter that does not exist is refused with the names of those that do', async () => {
  const { code, stderr } = await run(find, { KERNELGRAD_ADAPTER: 'cuda' })
  assert.is(code, 1)
  assert.match(stderr, /KERNELGRAD_ADAPTER is 'cuda'; it is one of gpu, lavapipe, swiftshader/)
})

test('a card that is not there says what it needs, and what it is', async () => {
  const end = await run(find, { KERNELGRAD_ADAPTER: 'ghost:navi31' })
  if (end.code === 0) {
    assert.is(found(end).kind, 'ghost')
    assert.match(end.stderr, /ghost:navi31 is a card that is not there; every result is 0/)
  } else {
    const remedy = /Error: ghost(: .*; on Debian and Ubuntu run `apt install gcc|:.* Mesa 25 does)/
    assert.ok(remedy.test(end.stderr), `ended with ${end.code ?? end.signal}: ${end.stderr}`)
  }
  const empty = join(cache, 'nothing')
  const none = { KERNELGRAD_ADAPTER: 'ghost:navi31', XDG_CACHE_HOME: empty, PATH: empty }
  const { code, stderr } = await run(find, none)
  assert.is(code, 1)
  assert.match(stderr, /Error: ghost: .*; on Debian and Ubuntu run `apt install gcc/)
})

test('without a driver the packaged one is used, also by two processes at once', async () => {
  if (!linux) return console.log('skipped: the packaged driver is for Linux on x86-64')
  const env = { VK_DRIVER_FILES: '/nowhere.json', XDG_CACHE_HOME: cache }
  const ends = await Promise.all([run(find, env), run(find, env)])
  for (const end of ends) {
    const { kind, why } = found(end)
    assert.is(kind, 'swiftshader')
    assert.is(
      why,
      'the drivers in VK_DRIVER_FILES offer no adapter; this one came with the npm packages',
    )
  }
  const entries = readdirSync(join(cache, 'kernelgrad'))
  assert.is(entries.length, 1, `one driver, nothing half unpacked beside it: ${entries}`)
})

test('drivers that the user named are used while one of them works', async () => {
  const [folder] = linux ? readdirSync(join(cache, 'kernelgrad')) : []
  if (!folder) return console.log('skipped: no packaged driver to name')
  const manifest = join(cache, 'kernelgrad', folder, 'vk_swiftshader_icd.json')
  // the machine may lack a Vulkan loader, which reads that variable: the packaged one reads it too
  const script = `
    const { loadVulkan } = await import('./src/node/swiftshader.js')
    loadVulkan(process.env.VK_DRIVER_FILES)
    ${find}`
  const { kind, why, left } = found(await run(script, { VK_DRIVER_FILES: manifest }))
  assert.is(kind, 'swiftshader')
  assert.is(why, 'the best adapter that the drivers in VK_DRIVER_FILES offer')
  assert.is(left, manifest)
})

test('lavapipe is preferred to a SwiftShader that is installed too', async () => {
  const [folder] = linux ? readdirSync(join(cache, 'kernelgrad')) : []
  const mesa = await lavapipe()
  if (!folder || !mesa) return
  const swiftshader = join(cache, 'kernelgrad', folder, 'vk_swiftshader_icd.json')
  const end = await run(find, { VK_DRIVER_FILES: `${swiftshader}:${mesa}` })
  assert.is(found(end).kind, 'lavapipe')
})

test('a cache that cannot be written is no obstacle', async () => {
  if (!linux) return console.log('skipped: the packaged driver is for Linux on x86-64')
  const file = join(cache, 'file')
  writeFileSync(file, '')
  const end = await run(find, {
    KERNELGRAD_ADAPTER: 'swiftshader',
    XDG_CACHE_HOME: join(file, 'below'),
    TMPDIR: cache,
  })
  assert.is(found(end).kind, 'swiftshader')
  assert.ok(readdirSync(cache).includes(`kernelgrad-${process.getuid!()}`))
})

test('with no adapter at all the error says what was tried and what to do', async () => {
  if (!linux) return console.log('skipped: every such machine has an adapter')
  const { code, signal, stderr } = await run(bare, { VK_DRIVER_FILES: '/nowhere.json' })
  assert.is(signal, null)
  assert.is(code, 1)
  assert.match(
    stderr,
    /no GPU adapter: tried the drivers in VK_DRIVER_FILES and the packaged Swift/,
  )
  assert.match(stderr, /npm install --save-dev @sparticuz\/chromium@147 tar-fs/)
  assert.match(stderr, /apt install mesa-vulkan-drivers.*bookworm-backports.*22\.3 is too old/)
})

test.after(() => rmSync(cache, { recursive: true, force: true }))

test.run()
