/** The machine and the versions that a benchmark ran on. Every row of results has them. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { provide } from '../src/kernels/adapter.js'
import { findAdapter } from '../src/node/adapter.js'
import { adapterInfo, init } from '../src/node.js'

export interface About {
  /** lavapipe, swiftshader, or what a GPU calls itself. */
  readonly adapter: string
  readonly driver: string
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean
  readonly cpu: string
  /** Short hash, followed by + when files were changed since; null outside of git. */
  readonly commit: string | null
  readonly node: string
  readonly dawn: string
}

/** Opens the device. */
export async function about(): Promise<About> {
  const found = await findAdapter()
  provide(async () => found)
  await init()
  const { device, vendor, description } = adapterInfo()
  const name = device.replace(/^-+|-+$/g, '') || vendor || 'unnamed'
  const processors = cpus()
  return {
    adapter: found.kind === 'gpu' ? name : found.kind,
    driver: description || vendor,
    software: found.software,
    cpu: `${processors.length} × ${processors[0].model.trim()}`,
    commit: commit(),
    node: process.version.slice(1),
    dawn: versionOf('webgpu'),
  }
}

/** The lines above a table. */
export function heading(about: About): string {
  const { adapter, software, cpu } = about
  const where = software
    ? `${adapter}: a SOFTWARE adapter, which computes on the CPU (${cpu}); ` +
      'this is not the speed of a GPU'
    : `${adapter}: a GPU`
  return `${where}\n${versions(about)}`
}

/** The same in one line. */
export function place(about: About): string {
  const { adapter, software, cpu } = about
  return `${software ? `${adapter}, a software adapter on ${cpu}` : adapter} · ${versions(about)}`
}

function versions({ driver, dawn, node, commit }: About): string {
  return `driver ${driver} · webgpu ${dawn} · Node ${node} · commit ${commit ?? 'unknown'}`
}

function commit(): string | null {
  const git = (...words: string[]) =>
    execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '')
  } catch {
    return null
  }
}

function versionOf(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}
