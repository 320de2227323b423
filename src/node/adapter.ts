/**
 * Finds an adapter in Node: a GPU, lavapipe, or the packaged SwiftShader, in this order.
 *
 * Drivers in VK_DRIVER_FILES or VK_ICD_FILENAMES are tried instead of the installed ones, and kept
 * if one of them offers an adapter. Only KERNELGRAD_ADAPTER has precedence over them.
 */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Found } from '../kernels/adapter.js'
import { check } from '../kernels/check.js'
import { wantsMatrixUnits } from '../kernels/initoptions.js'
import { freeMemory, mostBuffers } from './memory.js'
import { noAdapter, noDawn, noGhost } from './remedies.js'
import { loadVulkan, unpackSwiftShader } from './swiftshader.js'

const adapterKinds = ['gpu', 'lavapipe', 'swiftshader'] as const
/** A ghost is a card that is not there: it compiles kernels and computes nothing. */
export type AdapterKind = (typeof adapterKinds)[number] | 'ghost'

/** An adapter, with the reason for its choice in plain words. */
export interface NodeFound extends Found {
  readonly kind: AdapterKind
  readonly why: string
}

/** Variables that Vulkan's loader reads: the newer name first, then the one for older loaders. */
const driverLists = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'] as const

// Dawn aborts when the result of create() is garbage-collected before its devices are destroyed.
const kept = new Set<GPU>()

/**
 * The best adapter, or the one that KERNELGRAD_ADAPTER names (gpu, lavapipe, swiftshader, and for
 * development ghost:navi31 or another card: see ghost.ts).
 * @throws Error that says what was tried and what to install
 */
export async function findAdapter(wanted = process.env.KERNELGRAD_ADAPTER): Promise<NodeFound> {
  const asked = 'KERNELGRAD_ADAPTER asks for it'
  if (wanted?.startsWith('ghost:')) return ghost(wanted.slice('ghost:'.length), asked)
  check(
    !wanted || (adapterKinds as readonly string[]).includes(wanted),
    () =>
      `KERNELGRAD_ADAPTER is '${wanted}'; it is one of ${adapterKinds.join(', ')}, or unset ` +
      '(for development also ghost:navi31, a card that is not there)',
  )
  if (wanted === 'swiftshader') return orExplain(await packaged(asked), wanted)
  if (wanted === 'lavapipe') return orExplain(await lavapipe(asked), wanted)
  const best = await open(`the best adapter that ${drivers()} offer`)
  if (wanted === 'gpu') return orExplain(best?.software ? null : best, wanted)
  if (best?.kind === 'swiftshader') {
    // of two software adapters Dawn chooses SwiftShader, the slower one; it throws without a match
    const why = `faster than SwiftShader, which ${drivers()} offer too`
    return (await open(why, 'llvmpipe').catch(() => null)) ?? best
  }
  return orExplain(
    best ?? (await packaged(`${drivers()} offer no adapter; this one came with the npm packages`)),
    undefined,
  )
}

/** Asks Dawn for an adapter (of that name) of the drivers that Vulkan's loader finds now. */
async function open(why: string, name?: string): Promise<NodeFound | null> {
  const { create } = await import('webgpu').catch(error => {
    throw new Error(noDawn(error))
  })
  const flags = name ? [`adapter=${name}`] : []
  // experiments of WebGPU
  if (wantsMatrixUnits()) flags.push('enable-dawn-features=allow_unsafe_apis')
  const dawn = create(flags)
  const adapter = await dawn.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return null
  kept.add(dawn)
  const kind = kindOf(adapter.info)
  return {
    adapter,
    kind,
    software: kind !== 'gpu' || adapter.info.isFallbackAdapter,
    why,
    ...(kind === 'lavapipe' && { compilesLate: true, mostBuffers, freeBytes: freeMemory }),
    release() {
      kept.delete(dawn)
    },
  }
}

async function packaged(why: string): Promise<NodeFound | null> {
  const manifest = await unpackSwiftShader()
  if (!manifest) return null
  loadVulkan(manifest)
  return within(driversOnly(manifest), () => open(why))
}

async function lavapipe(why: string): Promise<NodeFound | null> {
  const manifests = lavapipeManifests()
  return manifests.length === 0
    ? null
    : within(driversOnly(manifests.join(delimiter)), () => open(why))
}

async function ghost(card: string, why: string): Promise<NodeFound> {
  check(/^\w+$/.test(card), () => `ghost: '${card}' is no card; ghost:navi31 is one`)
  const { ghostEnvironment } = await import('./ghost.js')
  const found = await within(await ghostEnvironment(card), () => open(why))
  check(found, () => `ghost:${card}: ${noGhost}`)
  console.warn(`kernelgrad: ghost:${card} is a card that is not there; every result is 0`)
  return { ...found, kind: 'ghost' }
}

const driversOnly = (manifests: string) =>
  Object.fromEntries(driverLists.map(name => [name, manifests]))

/** Calls `search` in this environment, which Vulkan's loader and drivers read, and restores it. */
async function within<T>(environment: Record<string, string>, search: () => Promise<T>) {
  const before = Object.keys(environment).map(name => [name, process.env[name]] as const)
  Object.assign(process.env, environment)
  try {
    return await search()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

/** The drivers that are tried first, in words. */
function drivers(): string {
  const list = driverLists.find(name => process.env[name])
  return list ? `the drivers in ${list}` : 'the installed drivers'
}

function kindOf({ vendor, architecture, description }: GPUAdapterInfo): AdapterKind {
  const all = `${vendor} ${architecture} ${description}`.toLowerCase()
  if (all.includes('swiftshader')) return 'swiftshader'
  return all.includes('llvmpipe') || all.includes('lavapipe') ? 'lavapipe' : 'gpu'
}

/** Mesa's manifests, one per machine type; the loader ignores those of other machines. */
function lavapipeManifests(): string[] {
  return ['/usr/share', '/etc', '/usr/local/share']
    .map(folder => join(folder, 'vulkan', 'icd.d'))
    .filter(folder => existsSync(folder))
    .flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
    .filter(file => /\blvp_icd[^/]*\.json$/.test(file))
}

function orExplain(found: NodeFound | null, wanted: AdapterKind | undefined): NodeFound {
  check(found, () => noAdapter(wanted, drivers()))
  return found
}
