/** Adapters whose kernels are chosen alike. */
import { adapterInfo, isSoftware, onShutdown } from './device.js'

export const adapterClasses = [
  'cpu',
  'amd',
  'nvidia',
  'intel',
  'apple',
  'mobile',
  'unknown',
] as const
export type AdapterClass = (typeof adapterClasses)[number]

/** By the vendor's name, as WebGPU reports it. */
const vendors: Readonly<Record<string, AdapterClass>> = {
  amd: 'amd',
  nvidia: 'nvidia',
  intel: 'intel',
  apple: 'apple',
  qualcomm: 'mobile',
  arm: 'mobile',
  'img-tec': 'mobile',
}

let here: AdapterClass | null = null

/** The class of this adapter. A browser may hide the vendor: then it is unknown. */
export function adapterClass(): AdapterClass {
  here ??= isSoftware() ? 'cpu' : (vendors[adapterInfo().vendor] ?? 'unknown')
  return here
}

onShutdown(() => {
  here = null
})
