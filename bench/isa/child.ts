/** Runs a program on a card that is not there, and reads what it printed. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Launched } from './bounds.js'
import { type Compiled, readOutput } from './output.js'

/** A pipeline, and the rows of the benchmark that run it. */
export interface Used extends Compiled {
  readonly card: string
  readonly rows: readonly string[]
}

const compilerOutput = { RADV_DEBUG: 'shaderstats,asm' }

/** Engines whose kernels are compiled too: see bench/rivals/kernels.ts. */
export const rivals = ['tfjs', 'jax-js'] as const

export interface HostTime {
  readonly name: string
  /** Milliseconds per step: the median of the chains, and the best. */
  readonly ms: number
  readonly best: number
  /**
   * Milliseconds per step that processors were busy with the process, all threads together: other
   * programs on the machine hardly change it. The median of the chains.
   */
  readonly cpu: number
}

/** The pipelines of the rows whose names begin with one of the prefixes; of all if none is given. */
export function pipelinesOn(card: string, prefixes: readonly string[]): Promise<Used[]> {
  return pipelinesOf(card, 'made.ts', prefixes)
}

/** Those of a rival for the same rows, as far as it has the product. The rival is installed. */
export function rivalsPipelinesOn(
  card: string,
  rival: (typeof rivals)[number],
  prefixes: readonly string[],
): Promise<Used[]> {
  return pipelinesOf(card, '../rivals/kernels.ts', [rival, ...prefixes])
}

async function pipelinesOf(
  card: string,
  program: string,
  words: readonly string[],
): Promise<Used[]> {
  const { lines, errors } = await onCard(card, program, words, compilerOutput)
  const rows = lines as { name: string; used: string[] }[]
  return readOutput(errors)
    .map(compiled => {
      const running = rows.filter(({ used }) => used.includes(compiled.label))
      return { ...compiled, card, rows: running.map(({ name }) => name) }
    })
    .filter(({ rows }) => rows.length > 0)
}

/** The launches of a training step, in order, and the pipelines that they run. */
export async function stepOn(card: string, network: string, batch: number) {
  const words = [network, String(batch)]
  const { lines, errors } = await onCard(card, 'step.ts', words, compilerOutput)
  return { launches: lines as Launched[], pipelines: readOutput(errors) }
}

export async function hostTimes(card: string): Promise<HostTime[]> {
  const { lines } = await onCard(card, 'host.ts', [], {})
  return lines as HostTime[]
}

async function onCard(
  card: string,
  program: string,
  words: readonly string[],
  more: Record<string, string>,
): Promise<{ lines: unknown[]; errors: string }> {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-isa-'))
  // not a pipe: a driver that prints more than a pipe holds would lose the rest
  const said = join(folder, 'stderr')
  const stderr = openSync(said, 'a')
  try {
    const { status, signal, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', file, ...words],
      {
        env: { ...process.env, KERNELGRAD_ADAPTER: `ghost:${card}`, ...more },
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
        stdio: ['ignore', 'pipe', stderr],
      },
    )
    const errors = readFileSync(said, 'utf8')
    if (status !== 0) throw new Error(`isa: ${card}: ${whyNot(errors, status ?? signal)}`)
    const lines = stdout.split('\n').filter(line => line.startsWith('{'))
    return { lines: lines.map(line => JSON.parse(line)), errors }
  } finally {
    closeSync(stderr)
    rmSync(folder, { recursive: true })
  }
}

function whyNot(errors: string, status: number | string | null): string {
  if (errors.includes('Unknown family'))
    return 'RADV does not know this card; names are those of Mesa: navi31, navi21, vega10, …'
  const lines = errors.split('\n')
  const said = lines.find(line => /^\w*Error: /.test(line)) ?? lines.slice(-5).join('\n')
  return `the program ended with ${status}: ${said.replace(/^Error: /, '').trim()}`
}
