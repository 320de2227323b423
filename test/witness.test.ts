/** What the library says of its memory, beside an independent count. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

test('an independent count of buffers does not grow in a training outside of scopes', async () => {
  const script = fileURLToPath(new URL('witness.ts', import.meta.url))
  const all = ['--expose-gc', '--import', 'tsx', script]
  const { stdout } = await promisify(execFile)(process.execPath, all)
  const [first, , last] = JSON.parse(stdout.trim().split('\n').at(-1)!)
  assert.ok(first.buffers > 0 && first.bytes > 0, stdout)
  // a leak of one tensor per step would be 400; when garbage is collected is the engine's choice
  assert.ok(last.buffers < first.buffers + 300, stdout)
  assert.ok(last.bytes < 2 * first.bytes, stdout)
  assert.ok(last.ours <= last.bytes, stdout)
})

test.run()
