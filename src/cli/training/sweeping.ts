/** The trainings of a sweep: which there are, and each in a process of its own. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check } from '../../kernels/check.js'
import type { Result } from './result.js'
import { RunFolder } from './runfolder.js'

/** A setting and the values that it shall have. */
export interface Setting {
  name: string
  values: string[]
}

export interface Job {
  /** Of the run's folder. */
  name: string
  /** name=value of each setting, with blanks between. */
  settings: string
  seed: number
  /** For `kernelgrad train`. */
  flags: string[]
}

/** A job for every combination of values, with every seed. */
export function jobsOf(
  common: readonly string[],
  { seeds, settings }: { seeds: readonly number[]; settings: readonly Setting[] },
): Job[] {
  const combinations = settings.reduce<[string, string][][]>(
    (all, { name, values }) =>
      all.flatMap(rest => values.map(v => [...rest, [name, v] as [string, string]])),
    [[]],
  )
  return combinations.flatMap(pairs =>
    seeds.map(seed => {
      const words = pairs.map(pair => pair.join('='))
      return {
        name: [...words, `seed=${seed}`].join(',').replace(/[^\w=,.+-]/g, '-'),
        settings: words.join(' '),
        seed,
        flags: [...common, ...pairs.flatMap(([n, v]) => [`--${n}`, v]), '--seed', String(seed)],
      }
    }),
  )
}

/**
 * Trains a job in its folder of `out`, or goes on with it, or reads its result if it is finished.
 * @throws Error with what the process said, if it failed
 */
export async function trainJob({ name, flags }: Job, out: string): Promise<Result> {
  const run = new RunFolder(join(out, name))
  const before = await readResult(run)
  if (before) return before
  const how = existsSync(run.resume) ? ['--resume', run.path] : [...flags, '--run', run.path]
  const { code, words, errors } = await kernelgrad(['train', ...how, '--json'])
  const line = errors.match(/^(?:kernelgrad|error): (.*)$/m)?.[1] ?? errors.trim()
  check(code === 0, () => `${name}: ${line}`)
  return JSON.parse(words) as Result
}

/** The result of a run that came to its end. */
async function readResult(run: RunFolder): Promise<Result | null> {
  try {
    const result = JSON.parse(await readFile(run.result, 'utf8')) as Result
    const isDone = ['finished', 'early'].includes(result.state) && result.seconds >= 0
    return isDone ? result : null
  } catch {
    return null
  }
}

/** This very program once more, with other arguments. */
function kernelgrad(
  args: string[],
): Promise<{ code: number | null; words: string; errors: string }> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1], ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [words, errors] = ['', '']
  child.stdout.on('data', data => (words += data))
  child.stderr.on('data', data => (errors += data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, words, errors }))
  })
}
