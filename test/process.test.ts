/** How a process that used the GPU ends. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a script that begins with an opened device. */
function run(script: string) {
  const names = 'init, ones, shutdown, tensor, zeros'
  const code = `import { ${names} } from './src/node.js'\nawait init()\n${script}`
  return spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, FORCE_COLOR: '0' },
  })
}

test('a process that used the GPU ends by itself', () => {
  const { status, stdout, signal } = run('console.log(await tensor([1, 2]).add(1).sum().item())')
  assert.is(stdout.trim(), '5')
  assert.is(signal, null)
  assert.is(status, 0)
})

test('it ends after an error too, with work still queued', () => {
  const { status, stderr, signal } = run(`zeros([4]).add(1); throw new Error('boom')`)
  assert.match(stderr, /boom/)
  assert.is(signal, null)
  assert.is(status, 1)
})

test('after shutdown init may follow, and a tensor from before says that it is gone', () => {
  const { stdout, status } = run(`
    const old = ones([2])
    shutdown()
    await init()
    try { old.add(1) } catch (error) { console.log(error.message) }
    console.log(await ones([2]).sum().item())`)
  assert.match(stdout, /this tensor is gone: .*\n2\n$/)
  assert.is(status, 0)
})

test('tensors before init are refused with the remedy', () => {
  const script = `import { zeros } from './src/node.js'; zeros([2])`
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    { cwd: root, encoding: 'utf8' },
  )
  assert.match(stderr, /no GPU yet: await init\(\) before making tensors/)
  assert.is(status, 1)
})

test('a tensor larger than the adapter allows is refused with both sizes', () => {
  const { stdout } = run(
    `try { zeros([2 ** 20, 2 ** 10]) } catch (error) { console.log(error.message) }`,
  )
  assert.match(stdout, /memory: 4096 MB in one tensor; this adapter allows \d+ MB/)
})

test('the tests stop with one line where there is no adapter', () => {
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/adapter.ts'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, KERNELGRAD_ADAPTER: 'gpu', VK_DRIVER_FILES: '/nowhere.json' },
    },
  )
  assert.is(status, 1)
  assert.match(stderr, /^npm test: no GPU found: KERNELGRAD_ADAPTER asks for one; /m)
})

test.run()
