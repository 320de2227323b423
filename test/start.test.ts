/** A training by the command is never thrown away, whatever becomes of its folder and its pipes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeSafetensors } from '../src/io/safetensors.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-start-'))
test.after(() => rmSync(folder, { recursive: true }))

/** Trains a small network; `onEpoch` is called once, when its first epoch is printed. */
async function start(
  name: string,
  args: string[],
  onEpoch: (child: ChildProcess, out: string) => void = () => {},
) {
  const out = join(folder, name)
  const all = ['--import', 'tsx', 'src/cli/start.ts', '--out', out, '--model', 'mlp']
  const env = { ...process.env, TMPDIR: folder, FORCE_COLOR: '0' }
  const child = spawn(process.execPath, [...all, '--count', '256', ...args], { cwd: root, env })
  let [text, errors, called] = ['', '', false]
  child.stderr.on('data', data => (errors += data))
  child.stdout.on('data', data => {
    text += data
    if (called || !text.includes('epoch 1:')) return
    called = true
    onEpoch(child, out)
  })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { out, text, errors, code }
}

function weightsIn(out: string) {
  const { tensors, metadata } = decodeSafetensors(readFileSync(join(out, 'mlp.safetensors')))
  assert.ok(Object.keys(tensors).length > 0)
  return metadata!
}

test('Ctrl-C writes the weights of the finished epochs', async () => {
  const { out, errors, code } = await start('stopped', ['--epochs', '5000'], child =>
    child.kill('SIGINT'),
  )
  assert.is(code, 130)
  assert.match(errors, /^kernelgrad: stopped by Ctrl-C: \S+mlp\.safetensors has the weights/m)
  const { epochs } = weightsIn(out)
  assert.ok(Number(epochs) >= 1, epochs)
  assert.match(errors, `the weights after epoch ${epochs}\n`)
})

test('a polite end of the process, such as SIGTERM, writes them as well', async () => {
  for (const [signal, number] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const { out, errors, code } = await start(signal, ['--epochs', '5000'], child =>
      child.kill(signal),
    )
    assert.is(code, number)
    assert.match(errors, `stopped by ${signal}: `)
    assert.ok(Number(weightsIn(out).epochs) >= 1)
  }
})

test('--detect-anomaly names the operation that made the first NaN', async () => {
  const { errors, code } = await start('nan', ['--lr', '1e30', '--epochs', '3', '--detect-anomaly'])
  assert.is(code, 1)
  assert.match(errors, /^kernelgrad: anomaly: \w+ .*made numbers that are not finite/m)
})

test('an option without effect, or beyond what can be done, is refused in one line', async () => {
  const beta = await start('beta', ['--beta', '2'])
  assert.is(beta.code, 1)
  assert.is(
    beta.errors,
    "error: option '--beta <weight>' is for --model textbook, which is not chosen\n",
  )
  const count = await start('count', ['--count', '1e9'])
  assert.is(count.code, 1)
  assert.match(count.errors, /^error: option '--count <n>' argument '1e9' .*at most 999000\.\n$/)
})

test('a network that is named twice is trained once', async () => {
  const { text, code } = await start('twice', ['--model', 'mlp,mlp', '--epochs', '1'])
  assert.is(code, 0)
  assert.is(text.match(/^MLP autoencoder/gm)?.length, 1)
})

test('a folder that was removed is made again', async () => {
  const { out, code } = await start('removed', ['--epochs', '8'], (_, out) =>
    rmSync(out, { recursive: true }),
  )
  assert.is(code, 0)
  assert.is(weightsIn(out).epochs, '8')
  assert.ok(existsSync(join(out, 'mlp-loss.svg')))
})

test('weights go to another folder when theirs cannot be written to', async () => {
  const { errors, code } = await start('blocked', ['--epochs', '8'], (_, out) => {
    rmSync(out, { recursive: true })
    writeFileSync(out, 'a file')
  })
  assert.is(code, 1)
  const [, other] = errors.match(/there is a file of that name.* are in (\S+) instead/)!
  assert.ok(other.startsWith(folder))
  assert.is(weightsIn(other).epochs, '8')
})

test('closed pipes neither end a training nor print a stack trace', async () => {
  const { out, errors, code } = await start('piped', ['--epochs', '8'], child =>
    child.stdout!.destroy(),
  )
  assert.not.match(errors, /EPIPE|kernelgrad|at /)
  assert.is(code, 0)
  assert.is(weightsIn(out).epochs, '8')
})

test('a training that came to NaN stops, and good weights stay as they are', async () => {
  const { out } = await start('nan', ['--epochs', '1'])
  const before = readFileSync(join(out, 'mlp.safetensors'))
  for (const epochs of ['1', '9']) {
    const { errors, code } = await start('nan', ['--epochs', epochs, '--lr', '1e30'])
    assert.is(code, 1)
    assert.match(errors, /kernelgrad: the (loss|test error) is NaN .*smaller --lr/)
    assert.equal(readFileSync(join(out, 'mlp.safetensors')), before)
  }
})

test.run()
