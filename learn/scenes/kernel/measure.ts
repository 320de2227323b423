/** How fast kernels and the adapter itself are, measured in this page. */
import peakText from '../../../bench/wgsl/multiply_add.wgsl?raw'
import streamText from '../../../bench/wgsl/stream.wgsl?raw'
import { defineKernel, scope, zeros } from '../../../src/index.js'
import { isSoftware } from '../../../src/kernels/device.js'
import { sync } from '../../../src/kernels/transfer.js'

/** What the adapter can do at best. */
export interface Limits {
  /** Floating-point operations per nanosecond, GFLOP/s: a multiply-add is two. */
  readonly peak: number
  /** Bytes read and written per nanosecond, GB/s. */
  readonly bandwidth: number
}

/** Seconds that `work` takes, once. What runs long enough is not hidden by the wait for its end. */
export async function seconds(work: () => void): Promise<number> {
  const run = async (times: number) => {
    await sync()
    const began = performance.now()
    for (let i = 0; i < times; i++) scope(work)
    await sync()
    return (performance.now() - began) / 1e3
  }
  await run(1) // compiles
  let times = 1
  let took = await run(times)
  while (took < 0.03) {
    times = Math.ceil(times * Math.min(10, 0.04 / Math.max(took, 1e-4)))
    took = await run(times)
  }
  return Math.min(took, await run(times)) / times
}

/** The two limits, by the kernels with which `npm run bench` measures them. */
export async function measureLimits(): Promise<Limits> {
  const [invocations, steps] = isSoftware() ? [2 ** 12, 20] : [2 ** 18, 400]
  const result = zeros([invocations])
  const multiplyAdd = defineKernel(peakText)
  const work = () =>
    multiplyAdd.run({
      tensors: { result },
      params: { steps, a: 0.999, b: 0.5 },
      threads: invocations,
    })
  const flops = invocations * steps * 48 * 8 * 2
  const peak = flops / (await seconds(work)) / 1e9
  const n = 2 ** (isSoftware() ? 22 : 25) // more than a cache holds
  const [x, z] = [zeros([n]), zeros([n])]
  const stream = defineKernel(streamText)
  const copy = () =>
    stream.run({ entry: 'copy', tensors: { x, z }, params: { n: n / 4, s: 0 }, threads: n / 4 })
  const bandwidth = (8 * n) / (await seconds(copy)) / 1e9
  return { peak, bandwidth }
}
