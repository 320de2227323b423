/** A browser's `Worker` in Node, as far as jax-js's pool of threads needs it. */
import { resolveObjectURL } from 'node:buffer'
import { Worker as Thread } from 'node:worker_threads'
import { offerNavigator } from './gpu.js'

class BlobWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: ((error: Error) => void) | null = null
  readonly thread: Promise<Thread>

  constructor(url: string) {
    this.thread = open(url)
    this.thread.then(thread => {
      thread.on('message', data => this.onmessage?.({ data }))
      thread.on('error', error => this.onerror?.(error as Error))
    })
  }

  postMessage(message: unknown): void {
    this.thread.then(thread => thread.postMessage(message))
  }
}

async function open(url: string): Promise<Thread> {
  const source = await resolveObjectURL(url)!.text()
  const before = `const { parentPort } = require('node:worker_threads')
    globalThis.self = globalThis
    globalThis.postMessage = message => parentPort.postMessage(message)
    parentPort.on('message', data => self.onmessage({ data }))\n`
  return new Thread(before + source, { eval: true })
}

/** Threads that the CPU's engine may use, as the parent says. */
export const threads = Number(process.env.RIVALS_THREADS ?? 1)

// jax-js looks for both while it is imported
offerNavigator(undefined, threads)
if (threads > 1) Object.assign(globalThis, { Worker: BlobWorker })
