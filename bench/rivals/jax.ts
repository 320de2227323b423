/** jax-js: the whole step, gradients and Adam included, under one jit. */

import {
  defaultDevice,
  getWebGPUDevice,
  init,
  jit,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax'
import { quietly } from '../../src/node/quiet.js'
import type { Engine, Trainer } from './engine.js'
import { offered, offerWebGPU } from './gpu.js'
import { losses, parameters } from './jax-models.js'
import type { Problem } from './problem.js'
import { versionOf } from './version.js'
import { threads } from './workers.js'

type Device = 'webgpu' | 'wasm'

export async function start(device: Device, problem: Problem): Promise<Engine> {
  const { adapter, notes } = device === 'webgpu' ? await gpu() : cpu()
  if (!(await init(device)).includes(device)) throw new Error(`jax-js has no ${device} here`)
  defaultDevice(device)
  notes.push('one jit for the step', "waits for each step's loss, which is its quickest")
  const trainer = prepare(problem, device)
  return { version: versionOf('@jax-js/jax'), adapter, notes, trainer }
}

async function gpu() {
  return { adapter: await offerWebGPU(), notes: [offered] }
}

function cpu() {
  const notes = threads > 1 ? ['its Workers are worker_threads'] : []
  return { adapter: `${threads} CPU threads`, notes }
}

type State = { p: np.Array[]; m: np.Array[]; v: np.Array[]; decay: np.Array }

function prepare(problem: Problem, device: Device): Trainer {
  const gradients = valueAndGrad(losses[problem.model])
  const step = jit((state: State, x: np.Array, epsilon: np.Array) => {
    const [loss, g] = gradients(
      state.p.map(p => p.ref),
      x,
      epsilon,
    )
    return { loss, state: adam(state, g) }
  })
  const p = parameters(problem)
  const zeros = () => p.map(({ shape }) => np.zeros(shape))
  let state: State = { p, m: zeros(), v: zeros(), decay: np.ones([2]) }
  const x = problem.x.map(data => np.array(data).reshape([problem.batch, 784]))
  const epsilon = problem.epsilon.map(data => np.array(data).reshape([problem.batch, 10]))
  let last: np.Array | null = null
  return {
    async step(i) {
      last?.dispose()
      const next = step(state, x[i].ref, epsilon[i].ref)
      last = next.loss
      state = next.state
      await quietly(() => next.loss.blockUntilReady())
    },
    async finish() {
      const ready = tree.leaves(state).map(array => array.blockUntilReady())
      await quietly(() => Promise.all(ready))
      if (device === 'webgpu') await quietly(() => getWebGPUDevice().queue.onSubmittedWorkDone())
    },
    async loss() {
      return (await last!.ref.data())[0]
    },
  }
}

/** Adam on every parameter. decay = [β₁ᵗ, β₂ᵗ] is a value, so that one trace serves all t. */
function adam(old: State, g: np.Array[]): State {
  const decay = old.decay.mul(np.array([0.9, 0.999]))
  const one = (at: number) => decay.ref.slice(at).mul(-1).add(1)
  const rate = np.reciprocal(one(0)).mul(1e-3) // lr / (1 − β₁ᵗ)
  const spread = np.reciprocal(np.sqrt(one(1))) // 1 / √(1 − β₂ᵗ)
  const m = old.m.map((m, i) => m.mul(0.9).add(g[i].ref.mul(0.1)))
  const v = old.v.map((v, i) => v.mul(0.999).add(np.square(g[i]).mul(0.001)))
  const p = old.p.map((p, i) => {
    const divisor = np.sqrt(v[i].ref).mul(spread.ref).add(1e-8)
    return p.sub(m[i].ref.mul(rate.ref).div(divisor))
  })
  rate.dispose()
  spread.dispose()
  return { p, m, v, decay }
}
