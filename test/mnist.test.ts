import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DownloadProgress, downloadMnist, mnistFiles } from '../src/node/download.js'
import { loadMnist } from '../src/node/mnist.js'
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

test('after a cut connection the next mirror is asked, and progress begins again', async () => {
  const to = folder()
  let breakOff = () => {} // once what was sent has arrived
  const total = content.length
  const cut: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Length': total })
    response.write(content.subarray(0, 200))
    breakOff = () => response.destroy()
  }
  const heard: DownloadProgress[] = []
  const onProgress = (progress: DownloadProgress) => {
    heard.push(progress)
    breakOff()
  }
  await serving(cut, async mirror => {
    const message = await messageOf(downloadMnist({ folder: to, mirrors: [mirror], files }))
    assert.match(message, /a-idx: no mirror gave it \(.*: .+\); fetch its four/)
    assert.equal(readdirSync(to), [])
    await serving(whole, second =>
      downloadMnist({ folder: to, mirrors: [mirror, second], files, onProgress }),
    )
  })
  assert.equal(heard[0], { name: 'a-idx', received: 200, total })
  assert.equal(heard.at(-1), { name: 'a-idx', received: total, total })
  assert.equal(readdirSync(to), ['a-idx.gz'])
  assert.equal(readFileSync(join(to, 'a-idx.gz')), content)
})

test('two that fetch at the same time both succeed', async () => {
  const to = folder()
  const noise = Buffer.from(Array.from({ length: 20000 }, (_, i) => (i * i * i * 2654435) >> 9))
  const file = gzipSync(noise, { level: 0 })
  const files = { 'a-idx': createHash('sha256').update(noise).digest('hex') }
  const slow: RequestListener = async (_, response) => {
    for (let i = 0; i < file.length; i += 1000) {
      response.write(file.subarray(i, i + 1000))
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    response.end()
  }
  await serving(slow, async mirror => {
    let arrived = () => {}
    const begun = new Promise<void>(resolve => {
      arrived = resolve
    })
    const options = { folder: to, mirrors: [mirror], files, onProgress: () => arrived() }
    const [first, together] = [downloadMnist(options), downloadMnist(options)]
    await begun
    await Promise.all([first, together, downloadMnist(options)])
  })
  assert.equal(readdirSync(to), ['a-idx.gz'])
  assert.equal(readFileSync(join(to, 'a-idx.gz')), file)
})

test('a mirror that falls silent or drips is given up, and the next one asked', async () => {
  const nothing: RequestListener = () => {}
  const silent: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Length': content.length })
    response.write(content.subarray(0, 200))
  }
  const dripping: RequestListener = async (_, response) => {
    for (let i = 0; !response.destroyed; i++) {
      response.write(content.subarray(i, i + 1))
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  for (const listener of [nothing, silent, dripping]) {
    const to = folder()
    await serving(listener, async slow => {
      const options = { folder: to, files, patience: 300 }
      const message = await messageOf(downloadMnist({ ...options, mirrors: [slow] }))
      assert.match(
        message,
        /no mirror gave it \(http:.*: sent \d+ bytes in 0\.3 s\); fetch its four/,
      )
      assert.equal(readdirSync(to), [])
      await serving(whole, good => downloadMnist({ ...options, mirrors: [slow, good] }))
    })
    assert.equal(readFileSync(join(to, 'a-idx.gz')), content)
  }
})

test('a mirror that sends without end is stopped at the size of the largest file', async () => {
  const to = folder()
  const megabyte = Buffer.alloc(2 ** 20)
  let sent = 0
  const endless: RequestListener = (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(megabyte)) sent++
    }
    response.on('drain', more)
    more()
  }
  const message = await serving(endless, mirror =>
    messageOf(downloadMnist({ folder: to, mirrors: [mirror], files })),
  )
  assert.match(message, /: sent more than 47040016 bytes\)/)
  assert.ok(sent < 100, `${sent} MiB`)
  assert.equal(readdirSync(to), [])
})

test('a gzip file is not inflated past the size of the largest file', async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 26))
  const sends: RequestListener = (_, response) => response.end(bomb)
  const message = await serving(sends, mirror =>
    messageOf(downloadMnist({ folder: folder(), mirrors: [mirror], files })),
  )
  assert.match(message, /what it sent \(\d+ bytes\) is no whole gzip file/)
})

test('wrong content is thrown away and the next mirror asked', async () => {
  const to = folder()
  const wrong: RequestListener = (_, response) => response.end(gzipSync('something else'))
  await serving(wrong, bad =>
    serving(whole, good => downloadMnist({ folder: to, mirrors: [bad, good], files })),
  )
  assert.equal(readdirSync(to), ['a-idx.gz'])
})

test('wrong content from every mirror leaves nothing behind', async () => {
  const answers = {
    'is no whole gzip file': Buffer.from('<html>'),
    'SHA-256 is': gzipSync('other'),
  }
  for (const [words, answer] of Object.entries(answers)) {
    const to = folder()
    const wrong: RequestListener = (_, response) => response.end(answer)
    const message = await serving(wrong, mirror =>
      messageOf(downloadMnist({ folder: to, mirrors: [mirror], files })),
    )
    assert.match(message, words)
    assert.equal(readdirSync(to), [])
  }
})

test('a name of a file that leads out of the folder is refused', async () => {
  for (const name of ['../x', '..', '/x', 'a/b', 'a\\b', '']) {
    const files = { [name]: '0' }
    const message = await downloadMnist({ folder: folder(), mirrors: [], files }).then(
      () => 'nothing was thrown',
      (error: Error) => error.message,
    )
    assert.is(message, `downloadMnist: '${name}' is no plain file name`)
  }
})

test('when no mirror helps, the message says what each answered', async () => {
  const to = folder()
  const gone: RequestListener = (_, response) => response.writeHead(404).end()
  const message = await serving(gone, mirror =>
    messageOf(downloadMnist({ folder: to, mirrors: [mirror, 'http://127.0.0.1:9/'], files })),
  )
  assert.match(
    message,
    /a-idx: no mirror gave it \(http:.*: answered 404; http:\/\/127\.0\.0\.1:9\/: .+\); fetch /,
  )
  assert.equal(readdirSync(to), [])
})

test('a cache folder that cannot be made is refused in one line', async () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  const refused = process.platform === 'linux' ? [file, '/proc/kernelgrad'] : [file]
  for (const parent of refused)
    assert.match(
      await messageOf(downloadMnist({ folder: join(parent, 'mnist'), mirrors: [], files })),
      /mnist: .+; fetch its four files by hand/,
    )
})

test('a folder without MNIST is refused in one line', async () => {
  const to = folder()
  assert.match(
    await messageOf(loadMnist(join(to, 'gone'), 'train')),
    /gone: no such file or folder; --data needs a folder with train-images.*, and --data mnist/,
  )
  writeFileSync(join(to, 'file'), '')
  assert.match(await messageOf(loadMnist(join(to, 'file'), 'train')), /file: it is a file, not a f/)
  assert.match(
    await messageOf(loadMnist(to, 'test')),
    /no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte\.gz there/,
  )
})

/** An IDX file of zeros. */
function idx(...shape: number[]): Buffer {
  const size = shape.reduce((product, s) => product * s, 1)
  const file = Buffer.alloc(4 + 4 * shape.length + size)
  file.set([0, 0, 8, shape.length])
  shape.forEach((s, d) => {
    file.writeUInt32BE(s, 4 + 4 * d)
  })
  return file
}

test('both spellings are read, plain and gzipped', async () => {
  const to = folder()
  writeFileSync(join(to, 'train-images.idx3-ubyte'), idx(2, 28, 28))
  writeFileSync(join(to, 'train-labels-idx1-ubyte.gz'), gzipSync(idx(2)))
  const { count, images } = await loadMnist(to, 'train')
  assert.equal([count, images.length], [2, 2 * 784])
})

test('files that are no MNIST are refused with their path', async () => {
  const to = folder()
  writeFileSync(join(to, 'train-images-idx3-ubyte'), idx(2))
  writeFileSync(join(to, 'train-labels-idx1-ubyte'), idx(2))
  assert.match(
    await messageOf(loadMnist(to, 'train')),
    /train-images-idx3-ubyte: holds labels \[2\]; images \[n, height, width\] are needed here$/,
  )
  writeFileSync(join(to, 'train-images-idx3-ubyte'), idx(2, 32, 32))
  assert.match(
    await messageOf(loadMnist(to, 'train')),
    /train-images-idx3-ubyte: 2 images of 32 × 32; they must be of 28 × 28/,
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

test('loadMnist refuses a split that does not exist, and a folder that is no path', async () => {
  const messageOf = (call: Promise<unknown>) =>
    call.then(
      () => '',
      e => e.message,
    )
  assert.match(
    await messageOf(loadMnist('.', 'valid' as 'test')),
    /no split valid; there are 'train'/,
  )
  assert.match(await messageOf(loadMnist(3 as unknown as string, 'test')), /first argument must be/)
})

test.run()
