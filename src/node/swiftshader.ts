/** SwiftShader, the software Vulkan driver in the npm package @sparticuz/chromium, unpacked. */
import {
  accessSync,
  constants,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { constants as os, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { check } from '../kernels/check.js'
import { cachePath } from './cache.js'

const icd = 'vk_swiftshader_icd.json'

/** The driver's archive, or null where the package is not installed. */
function archive(): { file: string; version: string } | null {
  try {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
    const root = entry.slice(0, entry.lastIndexOf('chromium/') + 'chromium'.length)
    const { version } = createRequire(import.meta.url)(join(root, 'package.json')) as {
      version: string
    }
    const file = join(root, 'bin', 'swiftshader.tar.br')
    return existsSync(file) ? { file, version } : null
  } catch {
    return null
  }
}

/**
 * Unpacks the driver once into the user's cache. Returns the path of its Vulkan manifest, or null
 * if the packages that it needs (@sparticuz/chromium, tar-fs) are not installed.
 * @throws Error when neither the cache nor the folder for temporary files can be written
 */
export async function unpackSwiftShader(): Promise<string | null> {
  const packed = archive()
  if (!packed || process.platform !== 'linux' || process.arch !== 'x64') return null
  const target = join(cacheFolder(), `swiftshader-${packed.version}`)
  const manifest = join(target, icd)
  if (existsSync(manifest)) return manifest
  const tar = await import('tar-fs').catch(() => null)
  if (!tar) return null
  mkdirSync(dirname(target), { recursive: true })
  const fresh = mkdtempSync(`${target}.`)
  try {
    await pipeline(createReadStream(packed.file), createBrotliDecompress(), tar.extract(fresh))
    renameSync(fresh, target)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(manifest)) throw error // another process may have been faster
  }
  return manifest
}

/**
 * Loads the Vulkan loader that comes with the driver, for systems without one. `dlopen` throws
 * because it is no Node add-on; RTLD_NODELETE keeps the library loaded all the same.
 */
export function loadVulkan(manifest: string): void {
  const NODELETE = 0x1000 // glibc's RTLD_NODELETE
  try {
    process.dlopen(
      { exports: {} },
      join(dirname(manifest), 'libvulkan.so.1'),
      os.dlopen.RTLD_NOW | NODELETE,
    )
  } catch {}
}

/** The user's cache, or if it cannot be written, the user's own folder for temporary files. */
function cacheFolder(): string {
  const folder = cachePath()
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return folder
  } catch {
    const user = process.getuid?.() ?? 0
    const temporary = join(tmpdir(), `kernelgrad-${user}`)
    mkdirSync(temporary, { recursive: true, mode: 0o700 })
    // code is loaded from this folder, and other users may write beside it
    check(
      statSync(temporary).uid === user,
      () =>
        `${folder} cannot be written and ${temporary} belongs to someone else; set XDG_CACHE_HOME`,
    )
    return temporary
  }
}
