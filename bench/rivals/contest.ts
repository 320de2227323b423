/** One problem, all engines: compares their losses, then times their steps in turn. */
import { type Contestant, type EngineName, start } from './contestant.js'
import { type ModelName, networks } from './networks.js'

export interface Row {
  /** mlp/b128/jax-js-webgpu */
  name: string
  engine: EngineName
  adapter?: string
  version?: string
  notes?: string[]
  /** Milliseconds per step: median and best of the rounds. */
  ms?: number
  msMin?: number
  /** From the start of the process to the end of the first step, compilation included. */
  coldFirstStepMs?: number
  /** How and why the losses of the first steps differ, if they differ by more than rounding. */
  apart?: string
  /** The loss of the last step compared. */
  loss?: number
  /** Time / kernelgrad's time: of the best rounds, and of the medians. */
  ratio?: number
  ratioMedian?: number
  /** Why it was not timed. */
  error?: string
}

interface Options {
  rounds: number
  env: Record<string, string>
  threads: number
  /** Whether rivals wait for the GPU without short sleeps. */
  asTheyCome?: boolean
}

const compared = 5 // steps
const rounding = 1e-4 // of the first loss: engines sum in different orders
const slow = 1500 // milliseconds per step
const round = 150 // milliseconds that one engine computes before the next one does
const settling = 30 // milliseconds not counted in a round: BLAS threads of the last one spin for 25

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
  /** The last of them took this long. */
  ms: number
}

async function enter(row: Row, file: string, options: Options): Promise<Omit<Entry, 'row'>> {
  try {
    const busy = options.asTheyCome && row.engine !== 'kernelgrad'
    const env = { ...options.env, ...(busy && { KERNELGRAD_WAIT: 'busy' }) }
    const contestant = await start(row.engine, { ...options, file, env })
    const losses = [contestant.firstLoss]
    let ms = 0
    for (let i = 1; i < compared; i++) {
      const answer = await contestant.steps(1)
      losses.push(answer.loss)
      ms = answer.ms
    }
    const { adapter, version, notes, coldFirstStepMs } = contestant
    Object.assign(row, {
      adapter,
      version,
      notes: [...notes],
      coldFirstStepMs,
      loss: losses.at(-1),
    })
    return { contestant, losses, ms }
  } catch (error) {
    row.error = (error as Error).message
    return { losses: [], ms: 0 }
  }
}

/** An engine that trains differently is not timed; differences above rounding are reported. */
function compare({ row, losses }: Entry, reference: Entry, model: ModelName): void {
  const off = losses.map((loss, i) => Math.abs(loss / reference.losses[i] - 1))
  const { near, because } = networks[model]
  const words = (step: number) =>
    `loss ${losses[step].toFixed(6)} in step ${step + 1}, ` +
    `where ${reference.row.engine} has ${reference.losses[step].toFixed(6)}`
  const wrong = off.findIndex((share, i) => !(share <= (i === 0 ? rounding : near)))
  if (wrong >= 0) row.error = `${words(wrong)}; what computes something else is not timed`
  const apart = off.findIndex(share => share > rounding * 10)
  if (apart >= 0) row.apart = `${words(apart)}: ${because}`
}

const isTimed = (entry: Entry): entry is Entry & { contestant: Contestant } =>
  !!entry.contestant && !entry.row.error

/** In turns, so that other work on the machine slows all alike. The slowest get fewer rounds. */
async function time(
  entries: (Entry & { contestant: Contestant })[],
  rounds: number,
): Promise<void> {
  const timed = entries.map(({ row, contestant, ms }) => ({
    row,
    contestant,
    length: Math.max(1, Math.min(100, Math.round(round / ms))),
    unmeasured: Math.floor(settling / ms),
    turns: ms < slow ? rounds : Math.min(rounds, 2),
    times: [] as number[],
  }))
  for (const { contestant, length, turns } of timed) {
    if (turns === rounds) await contestant.steps(length) // warm
  }
  for (let i = 0; i < rounds; i++) {
    for (const { contestant, length, unmeasured, turns, times } of timed) {
      if (i >= turns) continue
      if (unmeasured > 0) await contestant.steps(unmeasured)
      times.push((await contestant.steps(length)).ms)
    }
  }
  for (const { row, times } of timed) {
    times.sort((a, b) => a - b)
    row.ms = times[Math.floor(times.length / 2)]
    row.msMin = times[0]
  }
}
