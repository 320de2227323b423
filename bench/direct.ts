/** Kernels of the benchmark alone, bench/wgsl: compiled and launched past the library's own launcher. */
import { readFileSync } from 'node:fs'
import type { Tensor } from '../src/index.js'
import { device } from '../src/kernels/device.js'
import { flush } from '../src/kernels/launch.js'
import { stamps } from './clock.js'

export interface Direct {
  entry?: string
  /** In the order of Params. */
  params: readonly Param[]
  /** By binding, from 1 on; only those that the entry uses. */
  buffers: Readonly<Record<number, Tensor>>
  workgroups: readonly [x: number, y?: number]
}

let launches = 0

/** Launches of all these kernels until now; the library's launcher does not count them. */
export function directCount(): number {
  return launches
}

type Param = { u32: number } | { f32: number }

/** A function that submits the kernel once. */
export function direct(
  name: string,
  { entry = 'main', params, buffers, workgroups }: Direct,
): () => void {
  const code = readFileSync(new URL(`wgsl/${name}.wgsl`, import.meta.url), 'utf8')
  const label = `${name}.${entry}`
  const module = device().createShaderModule({ label, code })
  const pipeline = device().createComputePipeline({
    label,
    layout: 'auto',
    compute: { module, entryPoint: entry },
  })
  const UNIFORM_AND_COPY_DST = 0x40 | 0x08
  const uniform = device().createBuffer({ label, size: 256, usage: UNIFORM_AND_COPY_DST })
  device().queue.writeBuffer(uniform, 0, packed(params))
  const bindGroup = device().createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: uniform } },
      ...Object.entries(buffers).map(([binding, { storage }]) => ({
        binding: Number(binding),
        resource: { buffer: storage.lease.buffer },
      })),
    ],
  })
  return () => {
    flush() // what was queued before comes first
    const encoder = device().createCommandEncoder()
    const pass = encoder.beginComputePass({ timestampWrites: stamps() })
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, bindGroup)
    pass.dispatchWorkgroups(...workgroups)
    pass.end()
    device().queue.submit([encoder.finish()])
    launches++
  }
}

function packed(params: readonly Param[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * params.length))
  params.forEach((param, i) => {
    if ('u32' in param) view.setUint32(4 * i, param.u32, true)
    else view.setFloat32(4 * i, param.f32, true)
  })
  return view.buffer
}
