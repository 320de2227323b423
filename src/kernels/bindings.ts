/** Bind groups: the buffers that a pipeline uses. Steps repeat, so bind groups are kept. */

import { device, onShutdown } from './device.js'
import type { GPUBindGroup, GPUBuffer } from './gpu.js'
import { paramsBuffer, slotBytes } from './params.js'
import type { Pipeline } from './pipeline.js'
import type { Lease } from './pool.js'
import { collectNow } from './pressure.js'

const bindGroups = new Map<string, GPUBindGroup>()
const most = 4096
let made = 0

/**
 * New bind groups between two collections of garbage. They are small to JavaScript, which would put
 * that off; but Mesa's lavapipe maps memory for each, and Linux allows 65,530 mappings per process.
 */
const betweenCollections = 8192

/** The bind group of a pipeline with these buffers, in the order of its bindings. */
export function bindGroupFor(pipeline: Pipeline, buffers: readonly Lease[]): GPUBindGroup {
  let key = `${pipeline.layout.id}`
  for (const { id } of buffers) key += `,${id}`
  const known = bindGroups.get(key)
  if (known) return known
  if (bindGroups.size >= most) bindGroups.clear()
  const group = bindGroup(pipeline, buffers, paramsBuffer())
  bindGroups.set(key, group)
  return group
}

/** A new bind group, with the buffer that holds the params. */
export function bindGroup(
  pipeline: Pipeline,
  buffers: readonly Lease[],
  params: GPUBuffer,
): GPUBindGroup {
  if (++made % betweenCollections === 0) collectNow()
  return device().createBindGroup({
    label: pipeline.layout.label,
    layout: pipeline.layout.layout,
    entries: [
      { binding: 0, resource: { buffer: params, size: slotBytes } },
      ...pipeline.buffers.map(({ binding }, i) => ({
        binding,
        resource: { buffer: buffers[i].buffer },
      })),
    ],
  })
}

/** Forgets all bind groups, before a buffer that one of them uses is destroyed. */
export function forgetBindGroups(): void {
  bindGroups.clear()
}

/** How many bind groups were made since the device was opened. */
export function bindGroupCount(): number {
  return made
}

onShutdown(() => {
  bindGroups.clear()
  made = 0
})
