/** TensorFlow.js: eager steps with its own Adam. */
import * as tf from '@tensorflow/tfjs'
import { quietly } from '../../src/node/quiet.js'
import type { Engine, Trainer } from './engine.js'
import { offered, offerWebGPU } from './gpu.js'
import type { Problem } from './problem.js'
import { losses, parameters } from './tfjs-models.js'
import { versionOf } from './version.js'

type Device = 'webgpu' | 'wasm'

export async function start(device: Device, problem: Problem): Promise<Engine> {
  const backend = `@tensorflow/tfjs-backend-${device}`
  const { adapter, notes } = await backends[device]()
  if (!(await tf.setBackend(device))) throw new Error(`tfjs: the backend ${device} does not start`)
  await tf.ready()
  return {
    version: `${versionOf('@tensorflow/tfjs')} with ${versionOf(backend)}`,
    adapter,
    notes,
    trainer: prepare(problem),
  }
}

// A backend registers itself while it is imported, and only if it finds what it needs by then.
const backends = {
  async webgpu() {
    const adapter = await offerWebGPU()
    await import('@tensorflow/tfjs-backend-webgpu')
    return { adapter, notes: [offered] }
  },
  async wasm() {
    await import('@tensorflow/tfjs-backend-wasm')
    return { adapter: '1 CPU core', notes: ['SIMD; it has no threads in Node'] }
  },
}

function prepare(problem: Problem): Trainer {
  const loss = losses[problem.model]
  const weights = parameters(problem)
  const adam = tf.train.adam(1e-3, 0.9, 0.999, 1e-8)
  const x = problem.x.map(data => tf.tensor2d(data, [problem.batch, 784]))
  const epsilon = problem.epsilon.map(data => tf.tensor2d(data, [problem.batch, 10]))
  let last: tf.Scalar | null = null
  return {
    async step(i) {
      last?.dispose()
      last = adam.minimize(() => loss(weights, x[i], epsilon[i]), true, weights)
    },
    async finish() {
      await quietly(() => last!.data()) // ordered after Adam's kernels
    },
    async loss() {
      return (await last!.data())[0]
    },
  }
}
