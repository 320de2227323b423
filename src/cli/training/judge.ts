/** How good a network is on images that it was not trained on. */
import {
  manualSeed,
  mseLoss,
  noGrad,
  randomState,
  scope,
  setRandomState,
  type Tensor,
  tensor,
} from '../../node.js'
import type { Session } from './session.js'

const batch = 500

/** The positions from `from` up to `to`, as an index. */
export const positions = (from: number, to: number) =>
  tensor(Int32Array.from({ length: to - from }, (_, i) => from + i))

/** Runs `work` in evaluation mode with a random stream of its own, and leaves both as they were. */
export async function aside<T>({ network }: Session, work: () => Promise<T>): Promise<T> {
  const { model } = network
  const [before, training] = [randomState(), model.training]
  try {
    manualSeed(0)
    model.eval()
    return await work()
  } finally {
    setRandomState(before)
    model.train(training)
  }
}

/** The mean squared error of the test images' reconstructions, over all pixels. */
export function testError(session: Session): Promise<number> {
  return aside(session, async () => {
    const { network, test, disturb } = session
    const sums: Promise<number>[] = []
    for (let from = 0; from < test.count; from += batch) {
      const to = Math.min(from + batch, test.count)
      const error = scope(() =>
        noGrad(() => {
          const x = test.take(positions(from, to))
          return mseLoss(network.reconstruct(disturb(x)), x)
        }),
      )
      sums.push(itemOf(error).then(value => value * (to - from)))
    }
    return (await Promise.all(sums)).reduce((sum, value) => sum + value, 0) / test.count
  })
}

/** The first `n` test images, as the network sees them, and what it makes of them. */
export function shown(session: Session, n: number): Promise<Record<string, Float32Array>> {
  return aside(session, async () => {
    const { network, test, disturb } = session
    const tensors = scope(() =>
      noGrad(() => {
        const original = test.take(positions(0, Math.min(n, test.count)))
        const seen = disturb(original)
        const generated = network.generate?.(n)
        const copy = network.reconstruct(seen)
        return { original, seen, copy, ...(generated && { generated }) }
      }),
    )
    const entries = Object.entries(tensors).map(async ([name, t]) => [name, await dataOf(t)])
    return Object.fromEntries(await Promise.all(entries))
  })
}

async function itemOf(t: Tensor): Promise<number> {
  const value = await t.item()
  t.dispose()
  return value
}

async function dataOf(t: Tensor): Promise<Float32Array> {
  const values = (await t.data()) as Float32Array
  t.dispose()
  return values
}
