/** The parent's side of an engine's process: one line in, one line out. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const engines = [
  'kernelgrad',
  'jax-js-webgpu',
  'tfjs-webgpu',
  'jax-js-wasm',
  'tfjs-wasm',
  'pytorch-cpu',
] as const
export type EngineName = (typeof engines)[number]

export interface Greeting {
  version: string
  adapter: string
  notes: string[]
}

/** The result of n steps: milliseconds per step, and the loss of the last. */
export interface Answer {
  ms: number
  loss: number
}

export interface Contestant extends Greeting {
  name: EngineName
  /** From the start of its process to the end of its first step. */
  coldFirstStepMs: number
  firstLoss: number
  steps(n: number): Promise<Answer>
  close(): Promise<void>
}

interface Start {
  file: string
  env: Record<string, string>
  /** The most threads that an engine on the CPU may use. */
  threads: number
}

/** Starts an engine on a problem and runs a first step. @throws Error with the engine's message */
export async function start(name: EngineName, options: Start): Promise<Contestant> {
  const threaded = name === 'pytorch-cpu' || name === 'jax-js-wasm'
  return launch(name, { ...options, threads: threaded ? await quickest(name, options) : 1 })
}

/** Small batches, and busy machines, may be slower with more threads: tries each for a second. */
async function quickest(name: EngineName, options: Start): Promise<number> {
  let best = { threads: 1, ms: Number.POSITIVE_INFINITY }
  for (const threads of new Set([1, options.threads])) {
    const contestant = await launch(name, { ...options, threads })
    const end = performance.now() + 1000
    do {
      const { ms } = await contestant.steps(1)
      if (ms < best.ms) best = { threads, ms }
    } while (performance.now() < end)
    await contestant.close()
  }
  return best.threads
}

async function launch(name: EngineName, { file, env, threads }: Start): Promise<Contestant> {
  const began = performance.now()
  const child =
    name === 'pytorch-cpu'
      ? spawn(python(), [path('serve.py'), file, String(threads)], {
          // threads that spin while they wait would occupy the core of those that compute
          env: { ...process.env, OMP_NUM_THREADS: String(threads), OMP_WAIT_POLICY: 'PASSIVE' },
        })
      : spawn(process.execPath, ['--import', 'tsx', path('serve.ts'), name, file], {
          env: { ...process.env, ...env, ...(threads > 1 && { RIVALS_THREADS: String(threads) }) },
        })
  const { ask, close } = talk(child)
  try {
    const greeting = await ask<Greeting>()
    const { loss } = await ask<Answer>(1)
    const coldFirstStepMs = performance.now() - began
    return { ...greeting, name, coldFirstStepMs, firstLoss: loss, steps: n => ask(n), close }
  } catch (error) {
    await close()
    throw error
  }
}

function talk(child: ChildProcess) {
  let complaints = ''
  child.stderr!.on('data', data => {
    complaints = (complaints + data).slice(-4000)
  })
  child.stdin!.on('error', () => {}) // it has ended; the missing line says so
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    async ask<T>(n?: number): Promise<T> {
      if (n !== undefined) child.stdin!.write(`${n}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(lastLine(complaints) || 'it ended without a word')
      const message = JSON.parse(value)
      if (message.error) throw new Error(message.error)
      return message
    },
    async close() {
      child.stdin!.end()
      await ended
    },
  }
}

let found: string | null = null

/** A Python that has PyTorch. @throws Error when there is none */
function python(): string {
  found ??=
    ['python3', '/usr/bin/python3'].find(command => {
      try {
        execFileSync(command, ['-c', 'import torch'], { stdio: 'ignore' })
        return true
      } catch {
        return false
      }
    }) ?? null
  if (!found) throw new Error('no python3 here imports torch')
  return found
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''
