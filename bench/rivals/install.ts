import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Installs the rivals into their own folder unless they are there. @throws Error if npm fails */
export function install(): void {
  if (existsSync(`${here}node_modules/@jax-js/jax`)) return
  console.error(`installing the rivals into ${here}node_modules (once, about 250 MB)`)
  const command = ['install', '--no-fund', '--no-audit', '--no-package-lock', '--ignore-scripts']
  const { status } = spawnSync('npm', command, { cwd: here, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`npm install failed in ${here}; it says why above`)
}
