/** `npm run doctor`: which adapter there is and why, whether it computes rightly, and what would be faster. */
import { Command } from 'commander'
import { init, tensor } from '../index.js'
import { provide } from '../kernels/adapter.js'
import { check } from '../kernels/check.js'
import { findAdapter, installLavapipe, type NodeFound } from '../node/adapter.js'
import { run } from './run.js'

/** What the doctor found, as `--json` prints it. Sizes in bytes, time in milliseconds. */
interface Report {
  ok: true
  kind: NodeFound['kind']
  why: string
  software: boolean
  vendor: string
  architecture: string
  device: string
  description: string
  features: Record<(typeof optional)[number], boolean>
  /** Least and most invocations that run in step. */
  subgroupSizes: [number, number]
  limits: Record<(typeof limits)[number], number>
  /** The products that were computed and compared, and how long the first of them took. */
  check: { name: string; ms: number }
  /** What to do for a faster adapter, one remedy each. */
  faster: string[]
}

const optional = ['subgroups', 'shader-f16', 'timestamp-query'] as const
const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const

const command = new Command('npm run doctor --')
  .description('Says which adapter kernelgrad computes on, and tries it.')
  .option('--json', 'the same for programs')
  .action(({ json }: { json?: boolean }) => run(() => doctor(json === true)))

await command.parseAsync()

async function doctor(json: boolean): Promise<void> {
  try {
    const report = await examine()
    console.log(json ? JSON.stringify(report, null, 2) : inWords(report))
  } catch (error) {
    if (json) console.log(JSON.stringify({ ok: false, error: (error as Error).message }))
    throw error
  }
}

async function examine(): Promise<Report> {
  const found = await findAdapter()
  const { adapter, kind, why, software } = found
  provide(async () => found)
  await init()
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } =
    adapter.info
  return {
    ok: true,
    kind,
    why,
    software,
    vendor,
    architecture,
    device,
    description,
    features: table(optional, name => adapter.features.has(name)),
    subgroupSizes: [subgroupMinSize, subgroupMaxSize],
    limits: table(limits, name => adapter.limits[name]),
    check: await multiply(67, 65, 33),
    faster: faster(found),
  }
}

/**
 * C[i,j] = Σₖ A[i,k] B[k,j] on the device against plain loops. The elements are small whole numbers,
 * so that float32 is exact in any order of summation and "equal" means equal.
 * @throws Error with the first element that differs
 */
async function multiply(m: number, k: number, n: number): Promise<Report['check']> {
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
          `this adapter computes wrongly: C[${i}, ${j}] of a matrix product is ${C[i * n + j]}, not ${sum}; update its driver, or set KERNELGRAD_ADAPTER=swiftshader`,
      )
    }
  }
  return { name: `matmul [${m}, ${k}] · [${k}, ${n}]`, ms }
}

/** What to do for a faster adapter than this one. */
function faster({ kind, software }: NodeFound): string[] {
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

function inWords({ kind, why, software, check, ...report }: Report): string {
  const { maxBufferSize, maxStorageBufferBindingSize } = report.limits
  const [least, most] = report.subgroupSizes
  const names = {
    gpu: software ? 'a driver in software' : 'a GPU',
    lavapipe: 'lavapipe (Mesa)',
    swiftshader: 'SwiftShader',
  }
  return lines({
    adapter: `${names[kind]}: ${why}`,
    computes: software ? 'in software, on the CPU' : 'on the GPU',
    vendor: [report.vendor, report.architecture].filter(Boolean).join(', ') || 'unnamed',
    device: report.device || 'unnamed',
    driver: report.description || 'says nothing of itself',
    ...table(optional, name => (report.features[name] ? 'yes' : 'no')),
    'subgroup size': least === most ? `${least}` : `${least} to ${most}`,
    'largest tensor': megabytes(Math.min(maxBufferSize, maxStorageBufferBindingSize)),
    workgroup: `at most ${report.limits.maxComputeInvocationsPerWorkgroup} threads, ${report.limits.maxComputeWorkgroupStorageSize / 1024} KiB shared memory`,
    works: `yes: ${check.name} equals the plain result exactly (${check.ms} ms, compilation included)`,
    faster: report.faster.join('\n'),
  })
}

/** Names in one column, facts in the next. */
function lines(facts: Record<string, string>): string {
  const width = Math.max(...Object.keys(facts).map(name => name.length))
  const margin = ' '.repeat(width + 2)
  return Object.entries(facts)
    .map(([name, fact]) => `${name.padEnd(width)}  ${fact.replaceAll('\n', `\n${margin}`)}`)
    .join('\n')
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`
}

function table<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map(key => [key, value(key)])) as Record<K, V>
}
