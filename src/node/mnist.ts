/** MNIST on disk: read from a folder, or fetched once from a public mirror and checked. */
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import type { ImageSet } from '../data/dataset.js'
import { imageSet, readIdx } from '../data/idx.js'
import { check } from '../kernels/check.js'
import { reason } from './files.js'

export type Split = 'train' | 'test'

const prefix = { train: 'train', test: 't10k' } as const

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

/**
 * One half of MNIST, from `train-images-idx3-ubyte` and the like in a folder, plain or as .gz.
 * @throws Error of one line: a missing folder or file, or one that is not what its name says
 */
export async function loadMnist(folder: string, split: Split): Promise<ImageSet> {
  const found = await stat(folder).catch(() => null)
  check(
    found?.isDirectory(),
    () =>
      `${folder}: ${found ? 'is a file' : 'no such folder'}; --data wants a folder with ${names(split)}`,
  )
  const [images, labels] = await Promise.all([
    readOne(folder, `${prefix[split]}-images`, 3),
    readOne(folder, `${prefix[split]}-labels`, 1),
  ])
  return imageSet(images.idx, labels.idx, [images.path, labels.path])
}

async function readOne(folder: string, stem: string, rank: number) {
  const spellings = [`${stem}-idx${rank}-ubyte`, `${stem}.idx${rank}-ubyte`]
  const path = spellings
    .flatMap(name => [name, `${name}.gz`])
    .map(name => join(folder, name))
    .find(existsSync)
  check(
    path,
    () =>
      `${folder}: no ${spellings[0]} or ${spellings[0]}.gz there; --data mnist fetches MNIST by itself`,
  )
  const bytes = await readFile(path).catch(error => {
    throw new Error(`${path}: ${reason(error)}`)
  })
  return { path, idx: await readIdx(bytes, path) }
}

function names(split: Split): string {
  return `${prefix[split]}-images-idx3-ubyte(.gz) and ${prefix[split]}-labels-idx1-ubyte(.gz)`
}

export interface DownloadOptions {
  /** Where the files go; by default kernelgrad/mnist in the user's cache. */
  folder?: string
  /** Folders on the web that hold the files as .gz, tried in this order. */
  mirrors?: readonly string[]
  /** File names without .gz, each with the SHA-256 of its uncompressed content. */
  files?: Readonly<Record<string, string>>
  /** Told before each file that has to be fetched. */
  onFile?(name: string): void
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
}: DownloadOptions = {}): Promise<string> {
  await mkdir(folder, { recursive: true }).catch(error => {
    throw new Error(`${folder}: ${reason(error)}`)
  })
  for (const [name, sum] of Object.entries(files)) {
    const path = join(folder, `${name}.gz`)
    if (existsSync(path)) continue
    onFile(name)
    const failures: string[] = []
    for (const mirror of mirrors) {
      const failure = await fetchOne(`${mirror}${name}.gz`, path, sum)
      if (!failure) break
      failures.push(`${mirror}: ${failure}`)
    }
    check(
      failures.length < mirrors.length,
      () =>
        `${name}: no mirror gave it (${failures.join('; ')}); fetch the four MNIST files by hand and name their folder with --data`,
    )
  }
  return folder
}

/** Fetches one file; returns what went wrong, if anything did. */
async function fetchOne(url: string, path: string, sum: string): Promise<string | null> {
  const part = `${path}.part`
  try {
    await resume(url, part)
    const content = await readFile(part)
    const actual = sumOf(content)
    if (actual !== sum) {
      await rm(part)
      return `SHA-256 is ${actual.slice(0, 12)}…, not ${sum.slice(0, 12)}…`
    }
    await rename(part, path)
    return null
  } catch (error) {
    const { cause, message } = error as Error
    return cause instanceof Error ? cause.message : message
  }
}

/** Appends what is missing to the part that is there; starts again where the server cannot go on. */
async function resume(url: string, part: string): Promise<void> {
  const have = (await stat(part).catch(() => null))?.size ?? 0
  const response = await fetch(url, have > 0 ? { headers: { Range: `bytes=${have}-` } } : {})
  if (response.status === 416) return // nothing is missing
  if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
  const flags = response.status === 206 ? 'a' : 'w'
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(part, { flags }))
}

function sumOf(content: Buffer): string {
  try {
    return createHash('sha256').update(gunzipSync(content)).digest('hex')
  } catch {
    return 'not gzip'
  }
}
