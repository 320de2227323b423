/**
 * Opens a graphics card that is not there, for development: builds the Vulkan layer (ghost.c) that
 * lets Mesa's driver make a device for it. On it programs run, and the driver's real compiler
 * compiles their kernels, but nothing is computed.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachePath } from './cache.js'
import { makeFolder, writeFileAtomic } from './files.js'

// from src/node and from dist/node
const source = fileURLToPath(new URL('../../src/node/ghost.c', import.meta.url))
const layerName = 'VK_LAYER_kernelgrad_ghost'
const remedy =
  'on Debian and Ubuntu run `apt install gcc libvulkan-dev mesa-vulkan-drivers` ' +
  '(Linux only; tested with Mesa 25.0)'

/**
 * The environment in which Vulkan's loader finds this card, and no other device.
 * @param card a family as Mesa names it: navi31 (RDNA3), navi21 (RDNA2), vega10, …
 * @throws Error that says what to install when gcc, Vulkan's headers or Mesa's driver are missing
 */
export async function ghostEnvironment(card: string): Promise<Record<string, string>> {
  const manifest = driver()
  return {
    RADV_FORCE_FAMILY: card,
    VK_LAYER_PATH: await build(),
    VK_INSTANCE_LAYERS: layerName,
    VK_DRIVER_FILES: manifest,
    VK_ICD_FILENAMES: manifest, // the older name, for older loaders
    MESA_SHADER_CACHE_DISABLE: 'true',
  }
}

/** The folder of the built layer and its manifest. Its name is the hash of the source. */
async function build(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const folder = cachePath('ghost', hash)
  const library = join(folder, 'libghost.so')
  const manifest = join(folder, 'ghost.json')
  if (existsSync(library) && existsSync(manifest)) return folder
  await makeFolder(folder)
  const temporary = `${library}.${process.pid}`
  compile(temporary)
  renameSync(temporary, library)
  await writeFileAtomic(manifest, JSON.stringify(manifestOf(library)))
  return folder
}

function compile(to: string): void {
  // -w: the parameters that Vulkan prescribes and this layer ignores are not worth a warning
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-w', '-o', to, source], {
    encoding: 'utf8',
  })
  if (built.status === 0) return
  rmSync(to, { force: true })
  if (built.error) throw new Error(`ghost: gcc does not start (${built.error.message}); ${remedy}`)
  const what = built.stderr.includes('vulkan/')
    ? "gcc finds no Vulkan headers (package 'libvulkan-dev')"
    : `gcc could not build ${source}: ${built.stderr.trim().split('\n')[0]}`
  throw new Error(`ghost: ${what}; ${remedy}`)
}

function manifestOf(library: string): object {
  return {
    file_format_version: '1.1.2',
    layer: {
      name: layerName,
      type: 'GLOBAL',
      library_path: library,
      api_version: '1.3.0',
      implementation_version: '1',
      description: 'a card that is not there',
      functions: {
        vkGetInstanceProcAddr: 'ghostGetInstanceProcAddr',
        vkGetDeviceProcAddr: 'ghostGetDeviceProcAddr',
      },
    },
  }
}

/** RADV's manifest for this machine type. */
function driver(): string {
  const suffix = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch
  const names = ['radeon_icd.json', `radeon_icd.${suffix}.json`]
  for (const root of ['/usr/share', '/usr/local/share', '/etc']) {
    const folder = join(root, 'vulkan', 'icd.d')
    if (!existsSync(folder)) continue
    const found = readdirSync(folder).find(name => names.includes(name))
    if (found) return join(folder, found)
  }
  throw new Error(
    `ghost: RADV, Mesa's driver for AMD cards, is not installed (no ${names.join(' or ')} in ` +
      `/usr/share/vulkan/icd.d); ${remedy}`,
  )
}
