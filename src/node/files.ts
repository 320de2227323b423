/** Files that are written whole or not at all, and folders that files can be written to. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { decodeSafetensors, encodeSafetensors, type HostTensor } from '../io/safetensors.js'

/**
 * Makes a folder and those above it, unless they exist, and checks that files can be written to it.
 * @param option that names another one, for messages
 * @throws Error of one line when it cannot be used
 */
export async function ensureFolder(folder: string, option = '--out DIR'): Promise<void> {
  try {
    await makeFolder(folder)
    const probe = join(folder, `.probe-${randomBytes(6).toString('hex')}`)
    await (await open(probe, 'wx')).close()
    await rm(probe)
  } catch (error) {
    throw new Error(
      `${folder || 'the empty path'}: ${reason(error)}; name another folder with ${option}`,
    )
  }
}

/** Makes a folder and those above it. (Node's own recursive mkdir never returns below /proc.) */
export async function makeFolder(folder: string): Promise<void> {
  const above = dirname(folder)
  if (above !== folder && !(await isFolder(above))) await makeFolder(above)
  try {
    await mkdir(folder)
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!exists || !(await isFolder(folder))) throw error
  }
}

const isFolder = async (path: string) => !!(await stat(path).catch(() => null))?.isDirectory()

/**
 * Writes a file under a temporary name beside it, then renames it: a reader of `path` sees the old
 * content or the new content, never a part of it.
 * @throws Error of one line; no temporary file is left
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}-${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw new Error(`${path}: ${reason(error)}; the file was not written`)
  }
}

/** Writes tensors as a safetensors file, whole or not at all. */
export async function saveSafetensors(
  path: string,
  tensors: Record<string, HostTensor>,
  metadata?: Record<string, string>,
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata))
}

/** Reads a safetensors file. @throws Error of one line when it is missing or damaged */
export async function loadSafetensors(path: string): Promise<ReturnType<typeof decodeSafetensors>> {
  return decodeSafetensors(await readBytes(path), path)
}

/** A file's content. @throws Error of one line when it cannot be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch(error => {
    throw new Error(`${path}: ${reason(error)}`)
  })
}

/** The system's reason for an error, in words, on one line. */
export function reason(error: unknown): string {
  const { code, errno, message } = error as NodeJS.ErrnoException
  const [, description] = (errno !== undefined && getSystemErrorMap().get(errno)) || []
  return (code && words[code]) || description || message
}

const words: Record<string, string> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name, not a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  EIO: 'the disk reports an error',
  ENOENT: 'no such file or folder',
  EISDIR: 'it is a folder, not a file',
}
