/** The output and the exit codes of `npm run doctor`. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Hides the drivers of this machine and the packaged one. */
const nothing = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
    import Module from 'node:module'
    const resolve = Module._resolveFilename
    Module._resolveFilename = (id, ...rest) => {
      if (id.startsWith('@sparticuz/')) throw new Error('not installed')
      return resolve(id, ...rest)
    }`)}`,
  VK_DRIVER_FILES: '/nowhere.json',
}

/** Runs the doctor on the adapter of this run of the tests, or on the given one. */
function doctor(
  args: string[] = [],
  adapter = process.env.KERNELGRAD_ADAPTER,
  env: NodeJS.ProcessEnv = {},
) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'doctor', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      FORCE_COLOR: '0',
      NO_COLOR: undefined,
      KERNELGRAD_ADAPTER: adapter ?? '',
      ...env,
    },
  })
}

test('the doctor says what it found, tries it, and ends by itself', () => {
  const { status, signal, stdout } = doctor()
  assert.is(signal, null)
  assert.is(status, 0)
  for (const name of [
    'adapter',
    'computes',
    'vendor',
    'driver',
    'largest tensor',
    'workgroup',
    'faster',
  ])
    assert.match(stdout, new RegExp(`^${name} +\\S`, 'm'))
  for (const feature of ['subgroups', 'shader-f16', 'timestamp-query'])
    assert.match(stdout, new RegExp(`^${feature} +(yes|no)$`, 'm'))
  assert.match(stdout, /^subgroup size +\d+( to \d+)?$/m)
  assert.match(stdout, /^works +yes: matmul .* equals the plain result exactly/m)
})

test('--json says the same to programs', () => {
  const { status, stdout } = doctor(['--json'])
  assert.is(status, 0)
  const report = JSON.parse(stdout)
  assert.is(report.ok, true)
  assert.ok(['gpu', 'lavapipe', 'swiftshader'].includes(report.kind))
  assert.is(report.software, report.kind !== 'gpu')
  assert.type(report.why, 'string')
  assert.type(report.features.subgroups, 'boolean')
  assert.ok(report.limits.maxBufferSize >= 2 ** 27)
  assert.ok(report.faster.length > 0)
})

test('a card that is not there is loud, and no adapter to compute on', () => {
  const { status, stdout, stderr } = doctor([], 'ghost:navi31')
  assert.is(status, 1)
  const [lack] = /apt install gcc|Mesa 25 does/.exec(stderr) ?? []
  if (lack) return console.log(`skipped, no such card here: ${lack}`)
  assert.match(stdout, /^adapter +A CARD THAT IS NOT THERE/m)
  assert.match(stdout, /^computes +NOTHING: every result is 0/m)
  assert.match(stdout, /^works +NO$/m)
  const report = JSON.parse(doctor(['--json'], 'ghost:navi31').stdout)
  assert.equal([report.ok, report.kind, report.check], [false, 'ghost', null])
})

test('an adapter that does not exist ends in one line and exit code 1', () => {
  const { status, signal, stdout, stderr } = doctor([], 'nonsense')
  assert.is(signal, null)
  assert.is(status, 1)
  assert.is(stdout, '')
  assert.match(
    stderr,
    /^kernelgrad: KERNELGRAD_ADAPTER is 'nonsense'; it is one of gpu, lavapipe, swiftshader.*\n$/,
  )
})

test('--json reports that failure as JSON, with exit code 1 too', () => {
  const { status, stdout } = doctor(['--json'], 'nonsense')
  assert.is(status, 1)
  const { ok, error } = JSON.parse(stdout)
  assert.is(ok, false)
  assert.match(error, /KERNELGRAD_ADAPTER is 'nonsense'/)
})

test('with no adapter at all it says what to install, and exits with code 1', () => {
  if (process.platform !== 'linux') return console.log('skipped: an adapter cannot be hidden here')
  const { status, signal, stdout, stderr } = doctor([], '', nothing)
  assert.is(signal, null)
  assert.is(status, 1)
  assert.is(stdout, '')
  assert.match(stderr, /^kernelgrad: no GPU adapter: .*npm install.*apt install.*$/m)
})

test('--help says what it does', () => {
  const { status, stdout } = doctor(['--help'])
  assert.is(status, 0)
  assert.match(stdout, /kernelgrad doctor.*\n\n.*adapter[\s\S]*--json/)
})

test.run()
