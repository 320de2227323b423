/**
 * Files that are malformed in a way that can be seen are refused: with an Error on one line that
 * begins with the name of the file, without a hang, without memory beyond reason, and without
 * anything in them being run. A flipped byte among weights that have no checksum cannot be seen, so
 * there is no such row.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Answer } from './malformed/child.js'
import { canary } from './malformed/pt.js'
import { formats } from './malformed/table.js'

/** A reader that takes longer hangs; the slowest takes less than a tenth of a second. */
const mostSeconds = 20
/** A reader that believes sizes takes gigabytes; the whole process takes less than half of this. */
const mostMegabytes = 1000

const found = new Map<string, string | null>()
let most = 0

/** Notes what each reader said, by file and row. */
test.before(async () => {
  const child = fork(fileURLToPath(new URL('malformed/child.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=256'],
  })
  let timer: NodeJS.Timeout | undefined
  let now = 'the first file'
  child.on('message', ({ file, what, message, megabytes }: Answer) => {
    clearTimeout(timer)
    now = `${file}: ${what}`
    most = megabytes
    if (message !== undefined) found.set(now, message)
    else timer = setTimeout(() => child.kill('SIGKILL'), mostSeconds * 1000)
  })
  const [code, signal] = await once(child, 'exit')
  clearTimeout(timer)
  if (code !== 0) console.error(`the process ended by ${signal ?? code} at ${now}`)
})

for (const { file, read, good, rows } of formats) {
  test(`${file}: a good one is read`, async () => {
    await read(good, file)
  })

  test(`${file}: ${rows.length} malformed ones are refused`, () => {
    assert.is(new Set(rows.map(({ what }) => what)).size, rows.length, 'two rows of one name')
    for (const { what, says } of rows) {
      const message = found.get(`${file}: ${what}`)
      assert.ok(message !== undefined, `${file}: ${what}: there was no answer`)
      assert.ok(message, `${file}: ${what}: it was read`)
      assert.ok(message.startsWith(`${file}:`), `${what}: no name of the file in: ${message}`)
      assert.match(message, says, what)
      assert.not.match(message, /\n/, what)
      assert.ok(message.length < 700, `${what}: ${message.length} letters`)
    }
  })
}

test('there are at least 200 rows, and every row was answered', () => {
  const count = formats.reduce((sum, { rows }) => sum + rows.length, 0)
  assert.is(found.size, count)
  assert.ok(count >= 200)
  console.log(`${count} malformed files`)
})

test('no reader took memory for sizes that a file only claims', () => {
  assert.ok(most > 0 && most < mostMegabytes, `${most} MB`)
})

test('nothing in a file was run', () => {
  assert.not.ok(existsSync(canary))
})

test.run()
