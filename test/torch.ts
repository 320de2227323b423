/** PyTorch as the reference of a test, where it is installed. */
import { spawnSync } from 'node:child_process'
import { findTorch } from '../src/cli/export/python.js'

/** A Python that has torch, or null. */
export const python: string | null = findTorch()

/** Says that a test is skipped for want of PyTorch. */
export function withoutTorch(what: string): void {
  console.log(`${what}: skipped, no python3 with torch here (Debian: apt install python3-torch)`)
}

/**
 * Runs a Python program, with JSON for its stdin. Returns the JSON that it prints.
 * @throws Error with what it wrote to stderr
 */
export function runTorch<T>(program: string, input: unknown): T {
  const { status, stdout, stderr } = spawnSync(python!, ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
