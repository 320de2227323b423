/**
 * `step.ts NETWORK BATCH`: runs a training step on a card that is not there. stdout gets a line per
 * launch, in order; stderr a mark before each pipeline.
 */
import { shutdown } from '../../src/kernels/device.js'
import { flush } from '../../src/kernels/launch.js'
import { caughtUp } from '../../src/kernels/order.js'
import { init, rand, scope, type Tensor } from '../../src/node.js'
import { type Bound, watchRuns } from '../../src/tensor/run.js'
import { type NetworkName, training } from '../networks.js'
import type { Launched } from './bounds.js'
import { multiplyAdds } from './products.js'
import { namesOf, takeUsed, takeWorkgroups, watch } from './watch.js'

const [, , network, batch] = process.argv
watch(namesOf)
await init()
const x = rand([Number(batch), 1, 28, 28])
const { step } = training(network as NetworkName, 'eager') // a compiled step has the same launches
scope(() => void step(x)) // makes the optimizer's memory
flush()
await caughtUp() // until all pipelines are compiled, launches wait
takeUsed()
takeWorkgroups()
watchRuns((kernel, bound) => {
  flush()
  const launched: Launched = {
    label: takeUsed()[0],
    fma: multiplyAdds(kernel, bound),
    bytes: bytesOf(bound),
    workgroups: takeWorkgroups(),
  }
  console.log(JSON.stringify(launched))
})
scope(() => void step(x))
watchRuns(null)
shutdown()

/** The least that is moved: each element in memory once, though some are read and written. */
function bytesOf(bound: readonly Bound[]): number {
  const tensors = bound.map(({ tensor }) => tensor)
  const same = (a: Tensor, b: Tensor) =>
    a.storage.lease === b.storage.lease && a.offset === b.offset
  const different = tensors.filter((one, i) => tensors.findIndex(two => same(one, two)) === i)
  return different.reduce((sum, tensor) => sum + 4 * elements(tensor), 0)
}

/** Without the axes along which a value is repeated. */
function elements({ shape, strides }: Tensor): number {
  return shape.reduce((n, size, axis) => (strides[axis] === 0 ? n : n * size), 1)
}
