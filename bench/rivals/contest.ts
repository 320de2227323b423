/** One problem, all engines: their losses are compared, then their steps are timed in turn. */
import { type Contestant, type EngineName, start } from './contestant.js'
import type { ModelName } from './networks.js'

export interface Row {
  /** mlp/b128/jax-js-webgpu */
  name: string
  engine: EngineName
  adapter?: string
  version?: string
  notes?: string[]
  /** Milliseconds a step: median and best over the rounds. */
  ms?: number
  msMin?: number
  /** From the start of the process to the end of the first step, compilation included. */
  coldFirstStepMs?: number
  /** Of the last step compared. */
  loss?: number
  /** How many times kernelgrad's step it takes: best by best, and median by median. */
  ratio?: number
  ratioMedian?: number
  /** Why there is no time. */
  error?: string
}

interface Options {
  rounds: number
  env: Record<string, string>
  threads: number
}

const compared = 5 // steps
const near = 1e-3 // of the loss: engines sum in different orders, and each step builds on the last
const nearFirst = 1e-4 // the first loss is the forward pass alone
const round = 150 // milliseconds that one engine computes before the next has its turn

export async function contest(
  { model, batch, file }: { model: ModelName; batch: number; file: string },
  engines: readonly EngineName[],
  options: Options,
): Promise<Row[]> {
  const entries: Entry[] = []
  try {
    for (const engine of engines) {
      const row: Row = { name: `${model}/b${batch}/${engine}`, engine }
      entries.push({ row, ...(await enter(row, file, options)) })
    }
    const [reference, ...others] = entries.filter(entry => entry.contestant)
    for (const entry of others) compare(entry, reference, model)
    await time(entries.filter(isTimed), options.rounds)
  } finally {
    await Promise.all(entries.map(({ contestant }) => contestant?.close()))
  }
  const own = entries[0].row.engine === 'kernelgrad' ? entries[0].row : undefined
  for (const { row } of entries) {
    if (!own?.ms || !row.ms) continue
    row.ratio = row.msMin! / own.msMin!
    row.ratioMedian = row.ms / own.ms
  }
  return entries.map(({ row }) => row)
}

interface Entry {
  row: Row
  contestant?: Contestant
  /** Of the first steps. */
  losses: number[]
}

async function enter(row: Row, file: string, options: Options): Promise<Omit<Entry, 'row'>> {
  try {
    const contestant = await start(row.engine, { file, ...options })
    const losses = [contestant.firstLoss]
    while (losses.length < compared) losses.push((await contestant.steps(1)).loss)
    const { adapter, version, notes, coldFirstStepMs } = contestant
    Object.assign(row, {
      adapter,
      version,
      notes: [...notes],
      coldFirstStepMs,
      loss: losses.at(-1),
    })
    return { contestant, losses }
  } catch (error) {
    row.error = (error as Error).message
    return { losses: [] }
  }
}

/** What trains otherwise than the reference is not timed; ties in max-pooling, where the rivals share, are named. */
function compare({ row, losses }: Entry, reference: Entry, model: ModelName): void {
  const off = losses.map((loss, i) => Math.abs(loss / reference.losses[i] - 1))
  const worst = off.findIndex((error, i) => !(error <= (i === 0 ? nearFirst : near)))
  if (worst < 0) return
  const words = `loss ${losses[worst]} in step ${worst + 1}, ${reference.row.engine} has ${reference.losses[worst]}`
  if (worst > 0 && model === 'conv')
    row.notes!.push(
      `${words}: the first forward passes agree, max-pooling may pass ties on otherwise`,
    )
  else row.error = `${words}; what computes something else is not timed`
}

const isTimed = (entry: Entry): entry is Entry & { contestant: Contestant } =>
  !!entry.contestant && !entry.row.error

async function time(
  entries: (Entry & { contestant: Contestant })[],
  rounds: number,
): Promise<void> {
  const lengths: number[] = []
  for (const { contestant } of entries) {
    const { ms } = await contestant.steps(3)
    lengths.push(Math.max(1, Math.min(100, Math.round(round / ms))))
  }
  const times: number[][] = entries.map(() => [])
  for (let i = 0; i < rounds; i++) {
    for (const [at, { contestant }] of entries.entries()) {
      times[at].push((await contestant.steps(lengths[at])).ms)
    }
  }
  for (const [at, { row }] of entries.entries()) {
    const sorted = times[at].sort((a, b) => a - b)
    row.ms = sorted[Math.floor(rounds / 2)]
    row.msMin = sorted[0]
  }
}
