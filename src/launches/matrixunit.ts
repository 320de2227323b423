/** A kernel for matrix units, in the sizes of the unit that this device has. */
import { matrixUnit, onShutdown } from '../kernels/device.js'
import type { Kernel } from '../kernels/kernel.js'
import type { MatrixUnit } from '../kernels/matrixunit.js'

/** Whether products of f32 are rounded on this device, since `init` was told to use its units. */
export function roundsProducts(): boolean {
  return matrixUnit()?.factor === 'f16'
}

const made = new Map<Kernel, Kernel>()

/** That kernel for the unit of this device. */
export function onUnit<K extends Kernel>(kernel: K): K {
  const known = made.get(kernel) as K | undefined
  if (known) return known
  const fresh = withUnit(kernel, matrixUnit()!)
  made.set(kernel, fresh)
  return fresh
}

/** That kernel for this unit. WGSL has no overrides for such sizes, so they change in its text. */
export function withUnit<K extends Kernel>(kernel: K, unit: MatrixUnit): K {
  const { factor, M, N, K, pinned, depth } = unit
  const swap = (text: string) =>
    text
      .replace(/^const UNIT_M=\d+u;$/, `const UNIT_M=${M}u;`)
      .replace(/^const UNIT_N=\d+u;$/, `const UNIT_N=${N}u;`)
      .replace(/^const UNIT_K=\d+u;$/, `const UNIT_K=${K}u;`)
      .replace(/^const UNIT_DEPTH=\d+u;$/, `const UNIT_DEPTH=${depth}u;`)
      .replace(/^alias Factor=\w+;$/, `alias Factor=${factor};`)
      .replace('enable f16;', factor === 'f16' ? '$&' : '')
      .replace('enable subgroup_size_control;', pinned ? '$&' : '')
      .replace('@subgroup_size(LANES)', pinned ? '$&' : '')
  const name = `${kernel.name} ${factor} ${M}x${N}x${K}`
  return { ...kernel, name, source: kernel.source.map(swap) }
}

onShutdown(() => made.clear())
