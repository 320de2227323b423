/** Where and by what a run was made. */
import { execFile } from 'node:child_process'
import { arch, cpus, platform, release } from 'node:os'
import { promisify } from 'node:util'
import { adapterInfo } from '../../node.js'
import { version } from '../version.js'

/** What can change the bits or the speed of a run, beside its config. */
export interface Environment {
  kernelgrad: string
  node: string
  system: string
  processor: string
  adapter: string
  driver: string
  /** Of the folder that the command ran in, if it is a git repository. */
  commit: string | null
  command: string
  started: string
}

export async function environment(): Promise<Environment> {
  const { vendor, architecture, device, description } = adapterInfo()
  return {
    kernelgrad: version,
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${cpus().length} × ${cpus().at(0)?.model.trim() ?? 'unknown'}`,
    adapter: [vendor, architecture, device].filter(Boolean).join(' '),
    driver: description,
    commit: await commit(),
    command: ['kernelgrad', ...process.argv.slice(2)].map(quoted).join(' '),
    started: new Date().toISOString(),
  }
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

async function commit(): Promise<string | null> {
  const git = promisify(execFile)
  try {
    const { stdout } = await git('git', ['rev-parse', 'HEAD'], { timeout: 2000 })
    return stdout.trim()
  } catch {
    return null
  }
}
