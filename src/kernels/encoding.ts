/** Recorded launches, prepared so that a replay makes no object and writes no params. */

import { bindGroup } from './bindings.js'
import { device, fail } from './device.js'
import type { GPUComputePassEncoder } from './gpu.js'
import { type Params, putParams, slotBytes } from './params.js'
import type { Pipeline } from './pipeline.js'
import type { Lease } from './pool.js'

/** A launch as a recording keeps it. */
export interface RecordedLaunch {
  readonly pipeline: Pipeline
  readonly bound: readonly Lease[]
  readonly params: Params
  readonly x: number
  readonly y: number
}

/** Launches with bind groups and params of their own. */
export class Encoding {
  private readonly params: GPUBuffer
  private readonly calls

  constructor(launches: readonly RecordedLaunch[]) {
    this.params = paramsOf(launches)
    this.calls = launches.map(({ pipeline, bound, x, y }, i) => ({
      label: pipeline.label,
      pipeline: pipeline.pipeline,
      group: bindGroup(pipeline, bound, this.params),
      offset: [i * slotBytes],
      x,
      y,
    }))
  }

  /** Encodes all launches into a pass. */
  encode(pass: GPUComputePassEncoder): void {
    let last: GPUComputePipeline | null = null
    for (const { label, pipeline, group, offset, x, y } of this.calls) {
      if (!pipeline) {
        fail(new Error(`GPU: ${label}, a kernel of this compiled step, does not compile`))
        continue
      }
      if (pipeline !== last) pass.setPipeline(pipeline)
      last = pipeline
      pass.setBindGroup(0, group, offset)
      pass.dispatchWorkgroups(x, y)
    }
  }

  /** Frees the params. */
  destroy(): void {
    this.params.destroy()
  }
}

/** A buffer that holds the params of all launches, one slot per launch. */
function paramsOf(launches: readonly RecordedLaunch[]): GPUBuffer {
  const UNIFORM_AND_COPY_DST = 0x40 | 0x08
  const params = device().createBuffer({
    label: 'params of a recording',
    size: Math.max(1, launches.length) * slotBytes,
    usage: UNIFORM_AND_COPY_DST,
  })
  const bytes = new DataView(new ArrayBuffer(params.size))
  for (const [i, launch] of launches.entries())
    putParams(bytes, i * slotBytes, launch.pipeline.fields, launch.params)
  device().queue.writeBuffer(params, 0, bytes.buffer)
  return params
}
