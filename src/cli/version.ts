/** The version of the package. */
import { readFileSync } from 'node:fs'

const text = readFileSync(new URL(`${levels()}package.json`, import.meta.url), 'utf8')

export const version = (JSON.parse(text) as { version: string }).version

/** From dist/cli.js, or from src/cli/version.ts. */
function levels(): string {
  return import.meta.url.includes('/src/cli/') ? '../../' : '../'
}
