/** The project's folder in the user's cache. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function cachePath(...names: string[]): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kernelgrad', ...names)
}
