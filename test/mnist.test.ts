import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { downloadMnist, loadMnist, mnistFiles } from '../src/node/mnist.js'
import { realMnist } from './mnist.js'

const folder = () => mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
const content = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) % 251)))
const files = { 'a-idx': createHash('sha256').update(gunzipSync(content)).digest('hex') }

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
}

/** Serves on this machine while `use` runs. */
async function serving<T>(
  listener: RequestListener,
  use: (mirror: string) => Promise<T>,
): Promise<T> {
  const server: Server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const whole: RequestListener = (_, response) => response.end(content)

test('a file is fetched, verified, and not fetched again', async () => {
  const to = folder()
  let requests = 0
  await serving(
    (request, response) => {
      requests++
      whole(request, response)
    },
    async mirror => {
      assert.is(await downloadMnist({ folder: to, mirrors: [mirror], files }), to)
      await downloadMnist({ folder: to, mirrors: [mirror], files })
    },
  )
  assert.equal(readFileSync(join(to, 'a-idx.gz')), content)
  assert.is(requests, 1)
  assert.equal(readdirSync(to), ['a-idx.gz'])
})

test('a cut connection is resumed where it stopped', async () => {
  const to = folder()
  const asked: (string | undefined)[] = []
  const cutting: RequestListener = (request, response) => {
    asked.push(request.headers.range)
    if (!request.headers.range) {
      response.writeHead(200, { 'Content-Length': content.length })
      response.write(content.subarray(0, 200), () => setTimeout(() => response.destroy(), 20))
      return
    }
    response.writeHead(206)
    response.end(content.subarray(Number(request.headers.range.match(/\d+/)?.[0])))
  }
  await serving(cutting, async mirror => {
    await messageOf(downloadMnist({ folder: to, mirrors: [mirror], files }))
    assert.not(existsSync(join(to, 'a-idx.gz')))
    await downloadMnist({ folder: to, mirrors: [mirror], files })
  })
  assert.equal(asked, [undefined, 'bytes=200-'])
  assert.equal(readFileSync(join(to, 'a-idx.gz')), content)
})

test('a server without ranges starts again', async () => {
  const to = folder()
  writeFileSync(join(to, 'a-idx.gz.part'), content.subarray(0, 100))
  await serving(whole, mirror => downloadMnist({ folder: to, mirrors: [mirror], files }))
  assert.equal(readFileSync(join(to, 'a-idx.gz')), content)
})

test('wrong content is thrown away and the next mirror asked', async () => {
  const to = folder()
  const wrong: RequestListener = (_, response) => response.end(gzipSync('something else'))
  await serving(wrong, bad =>
    serving(whole, good => downloadMnist({ folder: to, mirrors: [bad, good], files })),
  )
  assert.equal(readdirSync(to), ['a-idx.gz'])
})

test('when no mirror helps, the message says what each answered', async () => {
  const to = folder()
  const gone: RequestListener = (_, response) => response.writeHead(404).end()
  const message = await serving(gone, mirror =>
    messageOf(downloadMnist({ folder: to, mirrors: [mirror, 'http://127.0.0.1:9/'], files })),
  )
  assert.match(
    message,
    /a-idx: no mirror gave it \(http:.*: answered 404; http:\/\/127\.0\.0\.1:9\/: .+\); fetch the four/,
  )
  assert.equal(readdirSync(to), [])
})

test('a folder without MNIST is refused in one line', async () => {
  const to = folder()
  assert.match(
    await messageOf(loadMnist(join(to, 'gone'), 'train')),
    /gone: no such folder; --data wants a folder with train-images/,
  )
  assert.match(
    await messageOf(loadMnist(to, 'test')),
    /no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte\.gz there/,
  )
})

test('MNIST itself is read, and its files have the sums that are checked', async () => {
  const from = realMnist()
  if (!from) return
  const { count, labels, images } = await loadMnist(from, 'test')
  assert.equal(
    [count, [...labels.subarray(0, 5)], images.length],
    [10000, [7, 2, 1, 0, 4], 7840000],
  )
  for (const [name, sum] of Object.entries(mnistFiles)) {
    const path = join(from, `${name}.gz`)
    if (existsSync(path)) {
      assert.is(
        createHash('sha256')
          .update(gunzipSync(readFileSync(path)))
          .digest('hex'),
        sum,
        name,
      )
    }
  }
})

test.run()
