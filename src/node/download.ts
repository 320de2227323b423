/** Data sets fetched once from a public mirror and verified: a file is whole, or not there. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { inflate } from '../data/inflate.js'
import { check } from '../kernels/check.js'
import { cachePath } from './cache.js'
import { makeFolder, reason, writeFileAtomic } from './files.js'

/** SHA-256 of each file's uncompressed content. */
export const mnistFiles: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
}

const mostBytes = 47_040_016 // of the largest file, uncompressed: a header and 60,000 images

const publicMirrors = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
]

export interface DownloadOptions {
  /** Where the files go; by default kernelgrad/mnist in the user's cache. */
  folder?: string
  /** Folders on the web that hold the files as .gz, tried in this order. */
  mirrors?: readonly string[]
  /**
   * File names without .gz, each with the SHA-256 of its uncompressed content, or the MD5 of the
   * .gz file.
   */
  files?: Readonly<Record<string, string>>
  /** A mirror that sends less than a byte per millisecond in so many milliseconds is given up. */
  patience?: number
  /** Called before each file that has to be fetched. */
  onFile?(name: string): void
  /** Called as a file comes in. */
  onProgress?(progress: DownloadProgress): void
}

/** How much of NAME.gz has come, in bytes; `total` is null where the server does not say. */
export interface DownloadProgress {
  readonly name: string
  readonly received: number
  readonly total: number | null
}

/**
 * Fetches the files of MNIST that are missing and returns their folder. A file is written only
 * after its content has been verified.
 * @throws Error that lists what each mirror answered
 */
export async function downloadMnist({
  folder = cachePath('mnist'),
  mirrors = publicMirrors,
  files = mnistFiles,
  patience = 10_000,
  onFile = () => {},
  onProgress = () => {},
}: DownloadOptions = {}): Promise<string> {
  await makeFolder(folder).catch(error => {
    throw new Error(`${folder}: ${reason(error)}; ${byHand}`)
  })
  for (const [name, sum] of Object.entries(files)) {
    check(
      basename(name) === name && !['', '.', '..'].includes(name) && !name.includes('\\'),
      () => `downloadMnist: '${name}' is no plain file name`,
    )
    const path = join(folder, `${name}.gz`)
    if (existsSync(path)) continue
    onFile(name)
    const failures: string[] = []
    for (const mirror of mirrors) {
      if (existsSync(path)) break // from the mirror before, or by another process
      try {
        const content = await receive(`${mirror}${name}.gz`, patience, (received, total) =>
          onProgress({ name, received, total }),
        )
        await verify(content, sum)
        await writeFileAtomic(path, content)
      } catch (error) {
        failures.push(`${mirror}: ${causeOf(error)}`)
      }
    }
    check(existsSync(path), () => `${name}: no mirror gave it (${failures.join('; ')}); ${byHand}`)
  }
  return folder
}

const byHand = 'fetch its four files by hand and name their folder with --data'

/** What a server sends. @throws Error when it sends an error, too much, or too slowly */
async function receive(
  url: string,
  patience: number,
  onBytes: (received: number, total: number | null) => void,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let [received, before] = [0, 0]
  const slow = new AbortController()
  const timer = setInterval(() => {
    if (received - before < patience)
      slow.abort(new Error(`sent ${received - before} bytes in ${patience / 1000} s`))
    before = received
  }, patience)
  try {
    // identity: sizes are those of the .gz file
    const headers = { 'Accept-Encoding': 'identity' }
    const response = await fetch(url, { headers, signal: slow.signal })
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
    const length = response.headers.get('Content-Length')
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      received += chunk.length
      if (received > mostBytes) throw new Error(`sent more than ${mostBytes} bytes`)
      chunks.push(chunk)
      onBytes(received, length === null ? null : Number(length))
    }
    return Buffer.concat(chunks)
  } finally {
    clearInterval(timer)
  }
}

/** @throws Error unless it is a gzip file with this MD5, or its content has this SHA-256 */
async function verify(content: Buffer, sum: string): Promise<void> {
  const inflated = await inflate(content, 'gzip', mostBytes).catch(() => {
    throw new Error(`what it sent (${content.length} bytes) is no whole gzip file`)
  })
  const [hash, bytes] = sum.length === 32 ? ['MD5', content] : ['SHA-256', inflated]
  const actual = createHash(hash.replace('-', '')).update(bytes).digest('hex')
  check(actual === sum, () => `${hash} is ${actual.slice(0, 12)}…, not ${sum.slice(0, 12)}…`)
}

/** fetch says "fetch failed" and hides why in a cause, which may have a code and no message. */
function causeOf(error: unknown): string {
  const { cause } = error as { cause?: NodeJS.ErrnoException }
  return cause?.message || cause?.code || reason(error)
}
