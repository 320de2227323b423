/**
 * The order of what the GPU is told. Most drivers compile a kernel when its pipeline is made, and
 * compile several at once where nobody waits for each. So a launch may come before its kernel is
 * ready. Then it waits here, and so does all that follows.
 */
import { device, onShutdown } from './device.js'
import type { GPUBuffer } from './gpu.js'

let waiting: (() => void)[] = []
let compiling = 0
let session = 0

/** Resolves when nothing waits any more. */
let ready: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null

/** Tells the GPU something: now, or when the kernels are ready that are being compiled. */
export function inOrder(command: () => void): void {
  if (ready) waiting.push(command)
  else command()
}

/** Writes bytes of the host, as they are now. */
export function writeInOrder(to: GPUBuffer, at: number, data: ArrayBufferView<ArrayBuffer>): void {
  const { buffer, byteOffset: start, byteLength: bytes } = data
  if (!ready) device().queue.writeBuffer(to, at, buffer, start, bytes)
  else {
    const copy = buffer.slice(start, start + bytes)
    waiting.push(() => device().queue.writeBuffer(to, at, copy))
  }
}

/** The promise that all commands so far have run; null when they have. */
export function caughtUp(): Promise<void> | null {
  return ready?.promise ?? null
}

/** Has commands wait for a kernel. The promise must not reject. */
export function waitFor(compiled: Promise<void>): void {
  const now = session
  compiling++
  ready ??= promised()
  compiled.then(() => {
    if (session === now && --compiling === 0) end()
  })
}

function end(): void {
  const commands = waiting
  const { resolve } = ready!
  waiting = []
  ready = null
  for (const command of commands) command()
  resolve()
}

function promised(): NonNullable<typeof ready> {
  let resolve = () => {}
  const promise = new Promise<void>(r => {
    resolve = r
  })
  return { promise, resolve }
}

onShutdown(() => {
  session++
  compiling = 0
  waiting = []
  ready?.resolve()
  ready = null
})
