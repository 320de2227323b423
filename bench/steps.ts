/** Whole training steps of the models, eager and compiled. */
import { flush } from '../src/kernels/launch.js'
import { manualSeed, rand, scope, type Tensor } from '../src/node.js'
import { coldStart } from './coldstart.js'
import {
  type Mode,
  modes,
  type NetworkName,
  networks,
  stepBytes,
  stepFlops,
  training,
} from './networks.js'
import { farthest } from './reference.js'
import type { Prepared, Row } from './row.js'

export function steps(): Row[] {
  return (Object.keys(networks) as NetworkName[]).flatMap(network =>
    [32, 128, 1024].flatMap(batch =>
      modes.map(mode => ({
        name: `step/${network}/b${batch}/${mode}`,
        flops: stepFlops(network, batch),
        bytes: stepBytes(network, batch),
        wall: true,
        prepare: () => prepare(network, batch, mode),
      })),
    ),
  )
}

async function prepare(network: NetworkName, batch: number, mode: Mode): Promise<Prepared> {
  const x = rand([batch, 1, 28, 28])
  const trained = await train(network, mode, x)
  const { step } = training(network, mode)
  return {
    // in training, the upload of the next batch submits what is queued
    work() {
      step(x)
      flush()
    },
    ...(mode === 'eager'
      ? {
          error: trained.loss.at(-1)! / trained.loss[0],
          bound: 0.999,
          meaning: 'loss after 5 steps / loss before',
        }
      : {
          error: differing(trained, await train(network, 'eager', x)),
          bound: 0,
          meaning: 'distance from eager after 5 steps',
        }),
    facts: { images: batch, ...(await coldStart(network, batch, mode)) },
  }
}

interface Trained {
  loss: number[]
  weights: Float32Array[]
}

/** Losses of five steps and the weights after them. */
async function train(network: NetworkName, mode: Mode, x: Tensor): Promise<Trained> {
  const { model, step } = training(network, mode)
  manualSeed(1)
  const loss: number[] = []
  for (let i = 0; i < 5; i++) loss.push(await scope(() => step(x)).item())
  return { loss, weights: await Promise.all([...model.parameters()].map(p => p.data())) }
}

/** The largest difference in any loss or weight. */
function differing(a: Trained, b: Trained): number {
  const all = ({ loss, weights }: Trained) => [loss, ...weights]
  const others = all(b)
  return Math.max(...all(a).map((values, i) => farthest(values, j => others[i][j])))
}
