/**
 * One engine in a process of its own: `serve.ts ENGINE PROBLEM`.
 *
 * Writes a line { version, adapter, notes } when it is ready. Then, for each line with a number n
 * that it reads, it runs n training steps and writes a line { ms per step, loss }. Between lines
 * nothing is pending.
 */
import { createInterface } from 'node:readline'
import type { Engine } from './engine.js'
import { batches, type Problem, readProblem } from './problem.js'

const engines: Record<string, (problem: Problem) => Promise<Engine>> = {
  kernelgrad: async p => (await import('./kernelgrad.js')).start(p),
  'jax-js-webgpu': async p => (await import('./jax.js')).start('webgpu', p),
  'jax-js-wasm': async p => {
    await import('./workers.js') // before jax-js, which looks for threads while it is imported
    return (await import('./jax.js')).start('wasm', p)
  },
  'tfjs-webgpu': async p => (await import('./tfjs.js')).start('webgpu', p),
  'tfjs-wasm': async p => (await import('./tfjs.js')).start('wasm', p),
}

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)
// engines may greet and warn; stdout is for the lines above alone
console.log = console.info = console.debug = console.warn

async function serve(name: string, path: string): Promise<void> {
  const { version, adapter, notes, trainer } = await engines[name](await readProblem(path))
  say({ version, adapter, notes })
  let taken = 0
  for await (const line of createInterface({ input: process.stdin })) {
    const steps = Number(line)
    const began = performance.now()
    for (let i = 0; i < steps; i++) await trainer.step(taken++ % batches)
    await trainer.finish()
    const ms = (performance.now() - began) / steps
    say({ ms, loss: await trainer.loss() })
  }
}

const [, , name, path] = process.argv
serve(name, path)
  .catch(error => say({ error: (error as Error).message.split('\n')[0] }))
  .finally(() => process.exit())
