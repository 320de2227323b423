/** The first step of a process of its own, and what memory it takes: what a long run cannot show. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Mode, NetworkName } from './networks.js'
import type { Facts } from './row.js'

const run = promisify(execFile)
const script = fileURLToPath(new URL('cold.ts', import.meta.url))

/** What cold.ts prints. */
export interface Cold {
  /** From the start of the process to the loss of its first step. */
  ms: number
  /** Of all buffers after three steps. */
  peakBytes: number
}

/**
 * Starts cold.ts, with an empty folder where the driver keeps compiled shaders (Mesa's and NVIDIA's can be told);
 * at batch 128 again with what is in it then.
 */
export async function coldStart(network: NetworkName, batch: number, mode: Mode): Promise<Facts> {
  const cache = await mkdtemp(join(tmpdir(), 'kernelgrad-bench-'))
  const start = async (): Promise<Cold> => {
    const { stdout } = await run(
      process.execPath,
      ['--import', 'tsx', script, network, `${batch}`, mode],
      { env: { ...process.env, MESA_SHADER_CACHE_DIR: cache, __GL_SHADER_DISK_CACHE_PATH: cache } },
    )
    return JSON.parse(stdout)
  }
  try {
    const { ms, peakBytes } = await start()
    if (batch !== 128) return { coldFirstStepMs: ms, peakBytes }
    return { coldFirstStepMs: ms, cachedFirstStepMs: (await start()).ms, peakBytes }
  } finally {
    await rm(cache, { recursive: true })
  }
}
