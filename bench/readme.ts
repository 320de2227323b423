/** What `--write` writes: all rows to bench/results, and the table in the README. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from '../src/kernels/check.js'
import { type About, place } from './about.js'
import type { Result, Roofs } from './result.js'

const root = new URL('../', import.meta.url)
const [begin, end] = ['<!-- bench -->', '<!-- /bench -->']

/** Writes bench/results/ADAPTER.jsonl, with rows as --json prints them, and the README's table. */
export function writeResults(results: readonly Result[], about: About, roofs: Roofs): string[] {
  const kept = fileURLToPath(new URL(`bench/results/${fileName(about.adapter)}.jsonl`, root))
  const readme = fileURLToPath(new URL('README.md', root))
  const renewed = between(readFileSync(readme, 'utf8'), table(results, about, roofs))
  replace(kept, results.map(r => `${JSON.stringify(r)}\n`).join(''))
  replace(readme, renewed)
  return [kept, readme]
}

/**
 * The text with the table between its markers.
 * @throws Error when it has no markers
 */
export function between(text: string, table: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  check(
    from >= 0 && to > from,
    () => `--write: README.md has no ${begin} … ${end}; put them where the table is to stand`,
  )
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`
}

const batches = [32, 128, 1024]
const networks = { mlp: 'MLP', conv: 'convolutional', vae: 'variational' }
const products = [
  'matmul/512x512x512',
  'matmul/512x512x512/nt',
  'conv/16x14x14-16x14x14/k3/b32/forward',
]

/** Training steps by model and batch, then some kernels and their part of the measured peak. */
export function table(results: readonly Result[], about: About, roofs: Roofs): string {
  const rows = new Map(results.map(r => [r.name, r]))
  const step = (network: string, batch: number): string => {
    const [fast, eager] = ['compiled', 'eager'].map(m => rows.get(`step/${network}/b${batch}/${m}`))
    return fast && eager ? `${ms(fast.msMin)} (eager ${ms(eager.msMin)})` : '–'
  }
  const lines = Object.entries(networks).map(([network, name]) => {
    const launches = rows.get(`step/${network}/b128/compiled`)?.dispatches ?? '–'
    return [name, launches, ...batches.map(batch => step(network, batch))]
  })
  const kernels = products.flatMap(name => {
    const { gflopsBest, peakShare } = rows.get(name) ?? {}
    if (!gflopsBest || !peakShare) return []
    return [
      [`\`${name}\``, `${gflopsBest.toFixed(1)} GFLOP/s`, `${(100 * peakShare).toFixed(0)} %`],
    ]
  })
  return [
    `Measured on ${place(about)}. The best round of each.`,
    '',
    ...grid(['a training step, ms', 'launches', ...batches.map(b => `batch ${b}`)], lines),
    '',
    ...grid(
      ['a kernel', 'rate', `of ${roofs.gflops.toFixed(0)} GFLOP/s, the measured peak`],
      kernels,
    ),
  ].join('\n')
}

function grid(head: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}

function ms(value: number): string {
  return value.toPrecision(value < 100 ? 2 : 3)
}

function fileName(adapter: string): string {
  return adapter.toLowerCase().replace(/[^a-z0-9.]+/g, '-')
}

/** Writes a new file and renames it, so that an interruption leaves the old one whole. */
function replace(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}
