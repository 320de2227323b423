/* biome-ignore-all lint/suspicious/noRedeclare: what is exported here is the global type */
/**
 * The objects of WebGPU that the library's types mention. TypeScript before 6 does not know them;
 * later versions, and `@webgpu/types`, add members to what is declared here.
 */
declare global {
  interface GPUAdapter {}
  interface GPUAdapterInfo {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
  }
  interface GPUBindGroup {}
  interface GPUBindGroupLayout {}
  interface GPUBuffer {}
  interface GPUComputePassEncoder {}
  interface GPUComputePassTimestampWrites {}
  interface GPUComputePipeline {}
  interface GPUDevice {}
}

export type GPUAdapter = globalThis.GPUAdapter
export type GPUAdapterInfo = globalThis.GPUAdapterInfo
export type GPUBindGroup = globalThis.GPUBindGroup
export type GPUBindGroupLayout = globalThis.GPUBindGroupLayout
export type GPUBuffer = globalThis.GPUBuffer
export type GPUComputePassEncoder = globalThis.GPUComputePassEncoder
export type GPUComputePassTimestampWrites = globalThis.GPUComputePassTimestampWrites
export type GPUComputePipeline = globalThis.GPUComputePipeline
export type GPUDevice = globalThis.GPUDevice
