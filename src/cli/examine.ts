/** What can be known of the adapter that kernelgrad computes on, with a product as proof. */
import { init, tensor } from '../index.js'
import { provide } from '../kernels/adapter.js'
import { check } from '../kernels/check.js'
import { findAdapter, type NodeFound } from '../node/adapter.js'
import { installLavapipe } from '../node/remedies.js'
import { kernelsInUse, type Used } from './kernelreasons.js'

export const optionalFeatures = ['subgroups', 'shader-f16', 'timestamp-query'] as const

const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const

/** What the doctor found, as `--json` prints it. Sizes in bytes, time in milliseconds. */
export interface Report {
  /** Whether it computes. */
  ok: boolean
  kind: NodeFound['kind']
  why: string
  software: boolean
  vendor: string
  architecture: string
  device: string
  description: string
  features: Record<(typeof optionalFeatures)[number], boolean>
  /** The smallest and the largest subgroup. */
  subgroupSizes: [number, number]
  limits: Record<(typeof limits)[number], number>
  /** The product that was computed and compared, and how long it took; null if nothing computes. */
  check: { name: string; ms: number } | null
  /** The kernel that each family uses, and why. */
  kernels: Used[]
  /** What to do for a faster adapter, one remedy each. */
  faster: string[]
}

export async function examine(): Promise<Report> {
  const found = await findAdapter()
  const { adapter, kind, why, software } = found
  provide(async () => found)
  await init()
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } =
    adapter.info
  const isGhost = kind === 'ghost'
  return {
    ok: !isGhost,
    kind,
    why,
    software,
    vendor,
    architecture,
    device,
    description,
    features: recordOf(optionalFeatures, name => adapter.features.has(name)),
    subgroupSizes: [subgroupMinSize, subgroupMaxSize],
    limits: recordOf(limits, name => adapter.limits[name]),
    check: isGhost ? null : await multiply(67, 65, 33),
    kernels: kernelsInUse(),
    faster: faster(found),
  }
}

/**
 * C[i,j] = Σₖ A[i,k] B[k,j] on the device against plain loops. The elements are small whole
 * numbers, so that float32 is exact in any order of summation and "equal" means equal.
 * @throws Error with the first element that differs
 */
async function multiply(m: number, k: number, n: number): Promise<NonNullable<Report['check']>> {
  const A = Float32Array.from({ length: m * k }, (_, i) => ((i * 7) % 11) - 5)
  const B = Float32Array.from({ length: k * n }, (_, i) => ((i * 5) % 13) - 6)
  const began = performance.now()
  const C = await tensor(A, { shape: [m, k] })
    .matmul(tensor(B, { shape: [k, n] }))
    .data()
  const ms = Math.round(performance.now() - began)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let p = 0; p < k; p++) sum += A[i * k + p] * B[p * n + j]
      check(
        C[i * n + j] === sum,
        () =>
          `this adapter computes wrongly: C[${i}, ${j}] of a matrix product is ${C[i * n + j]}, ` +
          `not ${sum}; update its driver, or set KERNELGRAD_ADAPTER=swiftshader`,
      )
    }
  }
  return { name: `matmul [${m}, ${k}] · [${k}, ${n}]`, ms }
}

/** What to do for a faster adapter than this one. */
function faster({ kind, software }: NodeFound): string[] {
  if (kind === 'ghost') return ['any other adapter: unset KERNELGRAD_ADAPTER']
  if (!software) return ['nothing to install: this is a GPU']
  const driver = 'a GPU: install its Vulkan driver (NVIDIA’s own; Mesa’s for AMD and Intel)'
  return [
    ...(process.env.KERNELGRAD_ADAPTER
      ? ['unset KERNELGRAD_ADAPTER, to get the best that there is']
      : []),
    ...(kind === 'swiftshader' ? [`lavapipe, also software: ${installLavapipe}`] : []),
    driver,
  ]
}

export function recordOf<K extends string, V>(
  keys: readonly K[],
  value: (key: K) => V,
): Record<K, V> {
  return Object.fromEntries(keys.map(key => [key, value(key)])) as Record<K, V>
}
