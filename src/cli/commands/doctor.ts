/**
 * `kernelgrad doctor`: the adapter, why it was chosen, whether it computes rightly, what is faster.
 */
import { Command } from 'commander'
import { columns } from '../../nn/columns.js'
import { examine, optionalFeatures, type Report, recordOf } from '../examine.js'
import { run } from '../run.js'

export const doctor = new Command('doctor')
  .description('Says which adapter kernelgrad computes on, and tries it.')
  .option('--json', 'the same for programs')
  .action(({ json }: { json?: boolean }) => run(() => tell(json === true)))

async function tell(json: boolean): Promise<void> {
  try {
    const report = await examine()
    if (!report.ok) process.exitCode = 1
    console.log(json ? JSON.stringify(report, null, 2) : inWords(report))
  } catch (error) {
    if (json) console.log(JSON.stringify({ ok: false, error: (error as Error).message }))
    throw error
  }
}

const nothing = 'NOTHING: every result is 0. It only compiles kernels, for `npm run isa`'

function inWords({ kind, why, software, check, limits, ...report }: Report): string {
  const [least, most] = report.subgroupSizes
  const names = {
    gpu: software ? 'a driver in software' : 'a GPU',
    lavapipe: 'lavapipe (Mesa)',
    swiftshader: 'SwiftShader',
    ghost: 'A CARD THAT IS NOT THERE',
  }
  const facts = {
    adapter: `${names[kind]}: ${why}`,
    computes: check ? (software ? 'in software, on the CPU' : 'on the GPU') : nothing,
    vendor: [report.vendor, report.architecture].filter(Boolean).join(', ') || 'unnamed',
    device: report.device || 'unnamed',
    driver: report.description || 'says nothing of itself',
    ...recordOf(optionalFeatures, name => (report.features[name] ? 'yes' : 'no')),
    'subgroup size': least === most ? `${least}` : `${least} to ${most}`,
    'largest tensor': megabytes(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)),
    workgroup:
      `at most ${limits.maxComputeInvocationsPerWorkgroup} threads, ` +
      `${limits.maxComputeWorkgroupStorageSize / 1024} KiB shared memory`,
    works: check
      ? `yes: ${check.name} equals the plain result exactly (${check.ms} ms, compilation included)`
      : 'NO',
    kernels: report.kernels
      .map(({ family, kernel, ground, why }) => `${family}/${kernel}: ${grounds[ground]}${why}`)
      .join('\n'),
    faster: report.faster.join('\n'),
  }
  const rows = Object.entries(facts).flatMap(([name, fact]) =>
    fact.split('\n').map((line, i) => [i === 0 ? name : '', line]),
  )
  return columns(rows).join('\n')
}

const grounds: Record<Report['kernels'][number]['ground'], string> = {
  measured: 'measured: ',
  compiled: "by a card's compiler: ",
  literature: 'by the literature: ',
  none: '',
  asked: '',
  tuned: '',
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`
}
