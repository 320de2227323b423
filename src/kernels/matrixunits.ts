/**
 * Matrix units: parts of a GPU that multiply small matrices at once. WebGPU has them as an
 * experiment, the feature `chromium-experimental-subgroup-matrix`.
 */
import { awaited } from './adapter.js'
import type { GPUAdapter, GPUDevice } from './gpu.js'
import type { MatrixUnit } from './matrixunit.js'

/** A unit's sizes, as adapters report them. */
interface Config {
  readonly componentType: string
  readonly resultComponentType: string
  readonly M: number
  readonly N: number
  readonly K: number
}

const feature = 'chromium-experimental-subgroup-matrix' as GPUFeatureName
const pinning = 'subgroup-size-control' as GPUFeatureName

/** What a device needs for matrix units, as far as the adapter has it. */
export const matrixFeatures: readonly GPUFeatureName[] = [feature, pinning]

/** The unit that products would use: one for f32 if there is one, else one for f16. */
export function unitOf({ features, info }: GPUAdapter): MatrixUnit | null {
  if (!features.has(feature) || !features.has('subgroups')) return null
  // AMD's subgroups are of 32 or 64, as the driver likes; four of 32 share the work best
  const pinned = info.vendor === 'amd' && features.has(pinning) ? 32 : null
  const lanes = pinned ?? info.subgroupMaxSize
  const depth = Math.min(lanes, 32)
  const { subgroupMatrixConfigs = [] } = info as { subgroupMatrixConfigs?: Iterable<Config> }
  // a subgroup computes 32 × 32 elements
  const fit = [...subgroupMatrixConfigs].filter(
    ({ resultComponentType, M, N, K }) =>
      resultComponentType === 'f32' && 32 % M === 0 && 32 % N === 0 && depth % K === 0,
  )
  const factors = features.has('shader-f16') ? (['f32', 'f16'] as const) : (['f32'] as const)
  for (const factor of factors) {
    const config = fit.find(({ componentType }) => componentType === factor)
    if (!config) continue
    const { M, N, K } = config
    return { factor, M, N, K, pinned, workgroup: 4 * lanes, depth }
  }
  return null
}

/** The unit that products use; null, with a warning, if this device does not compile its words. */
export async function unitFor(adapter: GPUAdapter, device: GPUDevice): Promise<MatrixUnit | null> {
  const unit = unitOf(adapter)
  if (!unit || (await compiles(device, unit))) return unit
  console.warn(
    'kernelgrad: this WebGPU has matrix units, but does not compile their kernel: its words for ' +
      'them, an experiment, have changed; products are computed without them',
  )
  return null
}

/**
 * Whether this device compiles a product of two such matrices. The words for it have changed
 * before, and a browser may have others than ours.
 */
async function compiles(device: GPUDevice, unit: MatrixUnit): Promise<boolean> {
  const { factor, M, N, K, workgroup } = unit
  const [left, right] = [`left<${factor}, ${K}, ${M}>`, `right<${factor}, ${N}, ${K}>`]
  const code = `enable chromium_experimental_subgroup_matrix;enable subgroups;
${factor === 'f16' ? 'enable f16;' : ''}
var<workgroup> w: array<${factor}, 1024>;
@group(0) @binding(0) var<storage, read_write> s: array<f32>;
@compute @workgroup_size(${workgroup}) fn main() {
  let a = subgroupMatrixLoad<subgroup_matrix_${left}, row_major>(&w, 0u, 32u);
  let b = subgroupMatrixLoad<subgroup_matrix_${right}, row_major>(&w, 0u, 32u);
  var c: subgroup_matrix_result<f32, ${N}, ${M}>;
  c = subgroupMatrixMultiplyAccumulate(a, b, c);
  subgroupMatrixStore<row_major>(&s, 0u, c, 32u);
}`
  device.pushErrorScope('validation')
  const compute = { module: device.createShaderModule({ code }), entryPoint: 'main' }
  const making = awaited(() => device.createComputePipelineAsync({ layout: 'auto', compute }))
  const isMade = making.then(
    () => true,
    () => false,
  )
  const error = await awaited(() => device.popErrorScope())
  return (await isMade) && !error
}
