/** The folder of a run: what is where, and how a new one gets its name. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { check } from '../../kernels/check.js'
import { makeFolder, reason, writeFileAtomic } from '../../node/files.js'
import { type Config, ordered, parseWholeConfig } from './config.js'

/**
 *     config.json    what was asked for: with the images, it decides every bit
 *     env.json       where it ran: versions, adapter, commit, command
 *     metrics.jsonl  a line for every ten steps, and for every epoch; metrics.csv the same
 *     checkpoints/   last and best weights, and resume: all that is needed to go on
 *     samples/       pictures after each epoch
 *     index.html     all of it to look at
 *     result.json    how it ended
 */
export class RunFolder {
  readonly path: string
  readonly config: string
  readonly environment: string
  readonly metrics: string
  readonly table: string
  readonly page: string
  readonly resume: string
  readonly last: string
  readonly result: string
  readonly best: string

  constructor(path: string) {
    this.path = path
    this.config = this.at('config.json')
    this.environment = this.at('env.json')
    this.metrics = this.at('metrics.jsonl')
    this.table = this.at('metrics.csv')
    this.page = this.at('index.html')
    this.resume = this.at('checkpoints', 'resume.safetensors')
    this.result = this.at('result.json')
    this.last = this.at('checkpoints', 'last.safetensors')
    this.best = this.at('checkpoints', 'best.safetensors')
  }

  at(...names: string[]): string {
    return join(this.path, ...names)
  }

  get name(): string {
    return basename(resolve(this.path))
  }

  /** @throws Error when the folder has no run, or its config is damaged */
  async readConfig(): Promise<Config> {
    const text = await readFile(this.config, 'utf8').catch(error => {
      throw new Error(
        `${this.config}: ${reason(error)}; a folder of \`kernelgrad train\` has this file`,
      )
    })
    return parseWholeConfig(text, this.config)
  }
}

/**
 * A new run: in the folder that is named, or in `runs/NAME-1`, `runs/NAME-2` and so on.
 * @throws Error when the folder has files already: a run is never overwritten
 */
export async function makeRun(
  config: Config,
  where: { folder?: string; runs: string },
): Promise<RunFolder> {
  const run = new RunFolder(where.folder ?? (await numbered(where.runs, nameOf(config))))
  const { path } = run
  try {
    await makeFolder(path)
    const present = await readdir(path)
    check(present.length === 0, () =>
      present.includes('config.json')
        ? `it has a run already; --resume ${path} goes on with it, or name another folder`
        : 'it has files already; a run needs a new or an empty folder',
    )
    for (const name of ['checkpoints', 'samples']) await mkdir(run.at(name))
  } catch (error) {
    throw new Error(`${path}: ${reason(error)}`)
  }
  await writeConfig(run, config)
  return run
}

/** Writes the settings in their usual order. */
export function writeConfig(run: RunFolder, config: Config): Promise<void> {
  return writeFileAtomic(run.config, `${JSON.stringify(ordered(config), null, 2)}\n`)
}

/** The run in a folder. @throws Error when there is none */
export async function openRun(folder: string): Promise<RunFolder> {
  const found = await stat(folder).catch(error => {
    throw new Error(`${folder}: ${reason(error)}; \`kernelgrad runs\` lists the runs`)
  })
  check(found.isDirectory(), () => `${folder}: it is a file; a run is a folder`)
  return new RunFolder(folder)
}

/** The runs in a folder, by name. */
export async function listRuns(folder: string): Promise<RunFolder[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map(name => new RunFolder(join(folder, name)))
    .filter(run => existsSync(run.config))
}

async function numbered(runs: string, name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const path = join(runs, `${name}-${n}`)
    if (!existsSync(path)) return path
  }
}

function nameOf({ model, data }: Config): string {
  const short = [model, data.split(',')[0]].map(word =>
    basename(word)
      .replace(/\.[a-z]+$/i, '')
      .replace(/[^A-Za-z0-9]+/g, '-'),
  )
  return short.join('-')
}
