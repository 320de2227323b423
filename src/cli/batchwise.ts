/** Images through a network, so many at once, between arrays of the host. */

import type { ImageSet } from '../data/dataset.js'
import { pixels } from '../data/dataset.js'
import { noGrad, scope, type Tensor, tensor } from '../index.js'
import { bar } from './bar.js'
import { type Network, scaleOf } from './network.js'

const batch = 500
const patience = 1000 // milliseconds without a bar

/**
 * f of all rows of `data`, without gradients: f gets a tensor [n, ...shape] with n up to 500, and
 * gives one with n rows. What takes long has a bar.
 */
export async function batchwise(
  data: Float32Array,
  shape: readonly number[],
  f: (x: Tensor) => Tensor,
): Promise<Float32Array<ArrayBuffer>> {
  const size = shape.reduce((product, n) => product * n, 1)
  const count = data.length / size
  let all = new Float32Array(0)
  const view = bar()
  const began = performance.now()
  for (let first = 0; first < count; first += batch) {
    if (performance.now() - began > patience) view.show('images', first, count)
    const n = Math.min(batch, count - first)
    const rows = data.subarray(first * size, (first + n) * size)
    const y = scope(() => noGrad(() => f(tensor(rows, { shape: [n, ...shape] }))))
    const values = (await y.data()) as Float32Array
    y.dispose()
    if (first === 0) all = new Float32Array((values.length / n) * count)
    all.set(values, (values.length / n) * first)
  }
  view.stop()
  return all
}

/** The pixels of a set in the values that a network takes. */
export function pixelsFor(network: Network, set: ImageSet): Float32Array<ArrayBuffer> {
  return pixels(set, scaleOf(network))
}

/** From the values of a network to those where black is 0 and white is 1. */
export function toUnit(values: Float32Array, { range }: Network): Float32Array<ArrayBuffer> {
  const [black, white] = range
  const unit = new Float32Array(values.length)
  // 20 times as fast as Float32Array.from
  for (let i = 0; i < unit.length; i++) unit[i] = (values[i] - black) / (white - black)
  return unit
}

/** x̂ without chance: of a code with a distribution its mean is decoded. */
export function restore(network: Network, x: Tensor): Tensor {
  return network.latent === null ? network.reconstruct(x) : network.decode(network.encode(x))
}
