/** A folder of PNG files as a set of grey images. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageSet } from '../data/dataset.js'
import { check } from '../kernels/check.js'
import { readBytes, reason } from '../node/files.js'
import { decodeGrey } from './pngfile.js'
import type { GreyImage } from './pnggrey.js'

/** More pixels than this are not read from one folder. */
const mostBytes = 2 ** 30

interface File {
  readonly path: string
  readonly label: number
}

/**
 * The PNG files of a folder, in the order of their names. If it has subfolders named by labels (0,
 * 1, … up to 255), the files in these are read, label by label; otherwise all labels are 0.
 *
 * Grey, colour and palette images of 1 to 16 bits are read, with or without transparency. They
 * become grey bytes by the luma of ITU-R BT.601 (0.299 R + 0.587 G + 0.114 B), over black where
 * they are transparent. All must have one size.
 * @throws Error of one line that names each file that cannot be read, with the reason
 */
export async function readPngs(folder: string): Promise<ImageSet> {
  const files = await filesOf(folder)
  const images: GreyImage[] = []
  const wrong: string[] = []
  let size = 0
  for (const { path } of files) {
    try {
      const image = decodeGrey(await readBytes(path), path)
      const { height, width } = images[0] ?? image
      check(
        image.height === height && image.width === width,
        () =>
          `${path}: ${image.height} × ${image.width} pixels, but the first image has ` +
          `${height} × ${width}; all must be of one size`,
      )
      images.push(image)
      size += height * width
    } catch (error) {
      wrong.push((error as Error).message)
    }
    check(size <= mostBytes, () => `${folder}: more than ${mostBytes} pixels; read fewer files`)
  }
  const named = wrong.slice(0, mostNamed).join(' | ')
  const others = wrong.length > mostNamed ? ` | and ${wrong.length - mostNamed} more` : ''
  check(
    wrong.length === 0,
    () => `${folder}: ${wrong.length} of ${files.length} PNG files not read: ${named}${others}`,
  )
  const { height, width } = images[0]
  const pixels = new Uint8Array(size)
  for (const [i, { grey }] of images.entries()) pixels.set(grey, i * height * width)
  const labels = Uint8Array.from(files, ({ label }) => label)
  return { images: pixels, labels, count: images.length, height, width }
}

const mostNamed = 20

/** The files with their labels. @throws Error when there are none, or a mixture */
async function filesOf(folder: string): Promise<File[]> {
  const entries = await list(folder)
  const labels = entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  const above = pngs(entries)
  check(
    above.length === 0 || labels.length === 0,
    () => `${folder}: PNG files beside subfolders; keep the one or the other`,
  )
  for (const name of labels)
    check(
      /^\d{1,3}$/.test(name) && Number(name) <= 255,
      () => `${folder}: the subfolder ${JSON.stringify(name)} is no label; labels are 0 to 255`,
    )
  labels.sort((a, b) => Number(a) - Number(b))
  const files = above.map(name => ({ path: join(folder, name), label: 0 }))
  for (const name of labels)
    for (const file of pngs(await list(join(folder, name))))
      files.push({ path: join(folder, name, file), label: Number(name) })
  check(files.length > 0, () => `${folder}: no PNG files there`)
  return files
}

/** What a folder has, but for hidden entries. */
async function list(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(error => {
    throw new Error(`${folder}: ${reason(error)}`)
  })
  return entries.filter(({ name }) => !name.startsWith('.'))
}

const pngs = (entries: readonly Dirent[]) =>
  entries
    .filter(entry => !entry.isDirectory() && /\.png$/i.test(entry.name))
    .map(({ name }) => name)
    .sort()
