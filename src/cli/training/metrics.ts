/** The numbers of a run, line by line: they are there even after the process was killed. */
import { existsSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import { check } from '../../kernels/check.js'
import { reason, writeFileAtomic } from '../../node/files.js'
import type { RunFolder } from './runfolder.js'

/** The training loss as the mean of some steps, or the test error after an epoch. */
export interface Metric {
  step: number
  /** From 1. */
  epoch: number
  /** Mean training loss since the line before. */
  loss?: number
  /** Mean squared error over the pixels of the test images. */
  testError?: number
  lr?: number
  imagesPerSecond?: number
  /** Seconds of training so far. */
  seconds: number
}

const columns = ['step', 'epoch', 'loss', 'testError', 'lr', 'imagesPerSecond', 'seconds'] as const

/** The metrics of a run as they grow. */
export class Metrics {
  private constructor(
    private readonly run: RunFolder,
    readonly lines: Metric[],
  ) {}

  /** The metrics up to a step. Lines after it, of a process that was killed, are removed. */
  static async upTo(run: RunFolder, step: number): Promise<Metrics> {
    const lines = (await readMetrics(run)).filter(line => line.step <= step)
    await writeFileAtomic(run.metrics, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
    return new Metrics(run, lines)
  }

  async add(line: Metric): Promise<void> {
    this.lines.push(line)
    await appendFile(this.run.metrics, `${JSON.stringify(line)}\n`).catch(error => {
      throw new Error(`${this.run.metrics}: ${reason(error)}`)
    })
  }

  /** Writes all lines once more as a table for spreadsheets. */
  async writeTable(): Promise<void> {
    const rows = this.lines.map(line => columns.map(name => line[name] ?? '').join(','))
    await writeFileAtomic(this.run.table, `${[columns.join(','), ...rows].join('\n')}\n`)
  }
}

/** All lines that are whole. @throws Error when one in the middle is damaged */
export async function readMetrics(run: RunFolder): Promise<Metric[]> {
  if (!existsSync(run.metrics)) return []
  return parseMetrics(await readFile(run.metrics, 'utf8'), run.metrics)
}

/** The same of a text; `file` is its name, for messages. */
export function parseMetrics(text: string, file: string): Metric[] {
  const lines = text.split('\n')
  const last = lines.pop() // empty, or cut by the end of a process
  if (last) lines.push(last)
  return lines.flatMap((line, i) => {
    const metric = parsed(line)
    check(
      metric || i === lines.length - 1,
      () => `${file}: line ${i + 1} is damaged: ${line.slice(0, 40)}`,
    )
    return metric ? [metric] : []
  })
}

function parsed(line: string): Metric | null {
  try {
    const value = JSON.parse(line)
    const isWhole = ['step', 'epoch', 'seconds'].every(name => Number.isFinite(value?.[name]))
    const isRight = columns.every(name => ['number', 'undefined'].includes(typeof value[name]))
    return isWhole && isRight ? value : null
  } catch {
    return null
  }
}
