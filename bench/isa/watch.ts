/** Watches the pipelines that a program makes and runs. */
import { writeSync } from 'node:fs'
import { globals } from 'webgpu'
import { type Marked, mark } from './output.js'

const labels = new Map<unknown, string>()
let used = new Set<string>()
let workgroups = 0

/** The labels of the pipelines that have run since the last call. */
export function takeUsed(): string[] {
  const before = used
  used = new Set()
  return [...before]
}

/** The workgroups that have been launched since the last call. */
export function takeWorkgroups(): number {
  const before = workgroups
  workgroups = 0
  return before
}

/** The names of kernelgrad's own pipelines. */
export function namesOf({ label = '', compute }: GPUComputePipelineDescriptor): Marked {
  return {
    kernel: label.split(',')[0].replace(/\.\w+$/, ''),
    entry: compute.entryPoint ?? 'main',
    constants: (compute.constants ?? {}) as Record<string, number>,
    label,
  }
}

/**
 * Writes a mark to stderr before each pipeline is made. Pipelines are made one after the other, so
 * what the driver prints of one stands behind its mark.
 * @param nameOf the pipeline's names; its label must be its own
 */
export function watch(nameOf: (descriptor: GPUComputePipelineDescriptor) => Marked): void {
  const { GPUDevice, GPUComputePassEncoder } = globals as unknown as typeof globalThis
  const { createComputePipeline } = GPUDevice.prototype
  GPUDevice.prototype.createComputePipeline = function (descriptor) {
    const marked = nameOf(descriptor)
    writeSync(2, `\n${mark}${JSON.stringify(marked)}\n`)
    const made = createComputePipeline.call(this, descriptor)
    labels.set(made, marked.label)
    return made
  }
  GPUDevice.prototype.createComputePipelineAsync = async function (descriptor) {
    return this.createComputePipeline(descriptor)
  }
  const { setPipeline, dispatchWorkgroups } = GPUComputePassEncoder.prototype
  GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
    used.add(labels.get(pipeline)!)
    return setPipeline.call(this, pipeline)
  }
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (x, y = 1, z = 1) {
    workgroups += x * y * z
    return dispatchWorkgroups.call(this, x, y, z)
  }
}
