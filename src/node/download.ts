/** MNIST fetched once from a public mirror: resumed where it stopped, verified, whole or not there. */
import { createHash } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { inflate } from '../data/idx.js'
import { check } from '../kernels/check.js'
import { makeFolder, reason, writeFileAtomic } from './files.js'

/** SHA-256 of each file's uncompressed content. */
export const mnistFiles: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
}

const publicMirrors = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
]

export interface DownloadOptions {
  /** Where the files go; by default kernelgrad/mnist in the user's cache. */
  folder?: string
  /** Folders on the web that hold the files as .gz, tried in this order. */
  mirrors?: readonly string[]
  /** File names without .gz, each with the SHA-256 of its uncompressed content. */
  files?: Readonly<Record<string, string>>
  /** Told before each file that has to be fetched. */
  onFile?(name: string): void
  /** Told as a file comes in. */
  onProgress?(progress: DownloadProgress): void
}

/** How much of NAME.gz is here, in bytes; `total` is null where the server does not say. */
export interface DownloadProgress {
  readonly name: string
  readonly received: number
  readonly total: number | null
}

/**
 * Fetches what of MNIST is not there yet and returns the folder. What was fetched before goes on where
 * it stopped; a file gets its name only after its content has been verified.
 * @throws Error that lists what each mirror answered
 */
export async function downloadMnist({
  folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kernelgrad', 'mnist'),
  mirrors = publicMirrors,
  files = mnistFiles,
  onFile = () => {},
  onProgress = () => {},
}: DownloadOptions = {}): Promise<string> {
  await makeFolder(folder).catch(error => {
    throw new Error(`${folder}: ${reason(error)}; ${byHand}`)
  })
  for (const [name, sum] of Object.entries(files)) {
    const path = join(folder, `${name}.gz`)
    if (existsSync(path)) continue
    onFile(name)
    const failures: string[] = []
    for (const mirror of mirrors) {
      const failure = await fetchOne({
        url: `${mirror}${name}.gz`,
        path,
        sum,
        onBytes: (received, total) => onProgress({ name, received, total }),
      })
      if (!failure || existsSync(path)) break // another process may have fetched it meanwhile
      failures.push(`${mirror}: ${failure}`)
    }
    check(
      failures.length < mirrors.length,
      () => `${name}: no mirror gave it (${failures.join('; ')}); ${byHand}`,
    )
  }
  return folder
}

const byHand = 'fetch the four MNIST files by hand and name their folder with --data'

/** One file: where it comes from, where it goes, the SHA-256 of its uncompressed content. */
interface Fetch {
  url: string
  path: string
  sum: string
  onBytes(received: number, total: number | null): void
}

/** Fetches one file; returns what went wrong, if anything did. */
async function fetchOne(what: Fetch): Promise<string | null> {
  const part = `${what.path}.part`
  try {
    const resumed = await resume(what, part)
    let content = await readFile(part)
    if (resumed && (await problem(content, what.sum))) {
      await rm(part) // it began with something else: another mirror's file, or rubbish
      await resume(what, part)
      content = await readFile(part)
    }
    const wrong = await problem(content, what.sum)
    // the bytes that were verified: another process may be writing to the part
    if (!wrong) await writeFileAtomic(what.path, content)
    await rm(part, { force: true })
    return wrong
  } catch (error) {
    // fetch says "fetch failed" and hides why in a cause, which may have a code and no message
    const { cause } = error as { cause?: NodeJS.ErrnoException }
    return cause?.message || cause?.code || reason(error)
  }
}

/**
 * Writes what is missing behind the part that is there; starts again where the server cannot go on.
 * Every byte goes to its own place, so two processes that fetch the same file do not disturb each other.
 * Returns whether the file begins with what was there before.
 */
async function resume({ url, onBytes }: Fetch, part: string): Promise<boolean> {
  const have = (await stat(part).catch(() => null))?.size ?? 0
  const headers: Record<string, string> = { 'Accept-Encoding': 'identity' } // sizes are the file's
  if (have > 0) headers.Range = `bytes=${have}-`
  const response = await fetch(url, { headers })
  if (response.status === 416) return true // nothing is missing
  if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
  const resumed = response.status === 206
  let received = resumed ? have : 0
  const coming = response.headers.get('Content-Length')
  const total = coming === null ? null : received + Number(coming)
  const file = await open(part, constants.O_WRONLY | constants.O_CREAT)
  try {
    for await (const chunk of Readable.fromWeb(response.body as never) as AsyncIterable<Buffer>) {
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, received + done)
        done += bytesWritten
      }
      received += chunk.length
      onBytes(received, total)
    }
    await file.truncate(received)
  } finally {
    await file.close()
  }
  return resumed
}

/** What is wrong with a fetched .gz, or null. */
async function problem(content: Buffer, sum: string): Promise<string | null> {
  try {
    const actual = createHash('sha256')
      .update(await inflate(content, 'gzip'))
      .digest('hex')
    return actual === sum ? null : `SHA-256 is ${actual.slice(0, 12)}…, not ${sum.slice(0, 12)}…`
  } catch {
    return `what it sent (${content.length} bytes) is no whole gzip file`
  }
}
