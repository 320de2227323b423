/** Where Node finds a GPU: a real one, lavapipe, or the packaged SwiftShader, in this order. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { check } from '../kernels/check.js'
import type { Found } from '../kernels/device.js'
import { loadVulkan, unpackSwiftShader } from './swiftshader.js'

export const adapterKinds = ['gpu', 'lavapipe', 'swiftshader'] as const
export type AdapterKind = (typeof adapterKinds)[number]

/** An adapter, with the reason why it was chosen in plain words. */
export interface NodeFound extends Found {
  readonly kind: AdapterKind
  readonly why: string
}

// Dawn aborts when the object that create() returned is collected before its devices are gone.
let dawn: GPU | null = null

/**
 * The best adapter there is, or the one that KERNELGRAD_ADAPTER (gpu, lavapipe, swiftshader) names.
 * @throws Error that says what was tried and what to install
 */
export async function findAdapter(wanted = process.env.KERNELGRAD_ADAPTER): Promise<NodeFound> {
  check(
    !wanted || (adapterKinds as readonly string[]).includes(wanted),
    () => `KERNELGRAD_ADAPTER is '${wanted}'; it is one of ${adapterKinds.join(', ')}, or unset`,
  )
  if (wanted === 'swiftshader')
    return orExplain(await packaged('KERNELGRAD_ADAPTER asks for it'), wanted)
  if (wanted === 'lavapipe') {
    const manifest = lavapipeManifest()
    const found = manifest ? await withDrivers(manifest, 'KERNELGRAD_ADAPTER asks for it') : null
    return orExplain(found?.kind === 'lavapipe' ? found : null, wanted)
  }
  const found = await open('the best adapter that the installed drivers offer')
  if (wanted === 'gpu') return orExplain(found?.kind === 'gpu' ? found : null, wanted)
  if (found) return found
  return orExplain(
    await packaged('no installed driver offers an adapter; this one came with the npm packages'),
    undefined,
  )
}

/** Asks Dawn for an adapter under the drivers that Vulkan's loader sees now. */
async function open(why: string): Promise<NodeFound | null> {
  const { create } = await import('webgpu')
  dawn = create([])
  const adapter =
    (await dawn.requestAdapter({ powerPreference: 'high-performance' })) ??
    (await dawn.requestAdapter())
  if (!adapter) {
    dawn = null
    return null
  }
  const kind = kindOf(adapter.info)
  return {
    adapter,
    kind,
    software: kind !== 'gpu',
    why,
    release() {
      dawn = null
    },
  }
}

async function packaged(why: string): Promise<NodeFound | null> {
  const manifest = await unpackSwiftShader()
  if (!manifest) return null
  loadVulkan(manifest)
  return withDrivers(manifest, why)
}

function withDrivers(manifest: string, why: string): Promise<NodeFound | null> {
  process.env.VK_DRIVER_FILES = manifest
  process.env.VK_ICD_FILENAMES = manifest // the older name; an older loader knows only this one
  return open(why)
}

function kindOf({ vendor, architecture, description }: GPUAdapterInfo): AdapterKind {
  const all = `${vendor} ${architecture} ${description}`.toLowerCase()
  if (all.includes('swiftshader')) return 'swiftshader'
  return all.includes('llvmpipe') || all.includes('lavapipe') ? 'lavapipe' : 'gpu'
}

function lavapipeManifest(): string | null {
  for (const folder of [
    '/usr/share/vulkan/icd.d',
    '/etc/vulkan/icd.d',
    '/usr/local/share/vulkan/icd.d',
  ]) {
    const file =
      existsSync(folder) && readdirSync(folder).find(name => /^lvp_icd.*\.json$/.test(name))
    if (file) return join(folder, file)
  }
  return null
}

function orExplain(found: NodeFound | null, wanted: AdapterKind | undefined): NodeFound {
  check(found, () => explain(wanted))
  return found
}

function explain(wanted: AdapterKind | undefined): string {
  if (wanted === 'gpu')
    return 'no GPU found: KERNELGRAD_ADAPTER asks for one; install its Vulkan driver, or unset the variable to compute in software'
  if (wanted === 'swiftshader')
    return `no SwiftShader: it comes with two npm packages; ${installPackaged}`
  if (wanted === 'lavapipe') return `no lavapipe that Dawn accepts; ${installLavapipe}`
  if (process.platform !== 'linux')
    return 'no GPU adapter: tried the system\u2019s own graphics; update its driver'
  return `no GPU adapter: tried the installed Vulkan drivers and the packaged SwiftShader; ${installPackaged}; or, faster: ${installLavapipe}; or, fastest: a GPU\u2019s Vulkan driver`
}

const installPackaged =
  'run `npm install --save-dev @sparticuz/chromium@147 tar-fs` (Linux on x86-64, no root needed)'

/** What to do for lavapipe. */
export const installLavapipe =
  'on Debian 13 or Ubuntu 24.04 run `apt install mesa-vulkan-drivers`, on Debian 12 the same with `-t bookworm-backports` (Mesa 24 or newer; 22.3 is too old)'
