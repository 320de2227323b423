/** What is asked of an adapter when its device is opened. */
import type { GPUAdapter, GPUDevice } from './gpu.js'
import { wantsMatrixUnits } from './initoptions.js'
import { matrixFeatures } from './matrixunits.js'

/** A device with the features and limits that kernels use, as far as the adapter has them. */
export function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { features, limits } = adapter
  const useful: GPUFeatureName[] = ['subgroups', 'shader-f16', 'timestamp-query']
  if (wantsMatrixUnits()) useful.push(...matrixFeatures)
  return adapter.requestDevice({
    label: 'kernelgrad',
    requiredFeatures: useful.filter(feature => features.has(feature)),
    requiredLimits: {
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    },
  })
}
