/** Eager against compiled: what the engine counts per step, and what this machine's clock says. */
import { flush, launchCounts } from '../../../src/kernels/launch.js'
import { sync } from '../../../src/kernels/transfer.js'

export interface Cost {
  readonly launches: number
  readonly submits: number
  readonly bindGroups: number
  /** Milliseconds in which JavaScript ran, until all was handed to the GPU. */
  readonly host: number
  /** Milliseconds until the GPU had finished. */
  readonly whole: number
}

/** The median cost of one call. The page breathes between calls. */
export async function costOf(step: () => void, repeats: number): Promise<Cost> {
  const hosts: number[] = []
  const wholes: number[] = []
  await sync()
  const before = launchCounts()
  for (let i = 0; i < repeats; i++) {
    const began = performance.now()
    step()
    flush()
    hosts.push(performance.now() - began)
    await sync()
    wholes.push(performance.now() - began)
  }
  const after = launchCounts()
  const each = (name: keyof typeof after) => (after[name] - before[name]) / repeats
  return {
    launches: each('launches'),
    submits: each('submits'),
    bindGroups: each('bindGroups'),
    host: median(hosts),
    whole: median(wholes),
  }
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
