/** The first step of a new process, and the memory it needs: a long run cannot show these. */
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
 * Starts cold.ts with an empty cache of compiled shaders, for the drivers that let us choose its
 * folder (Mesa's and NVIDIA's). At batch 128, starts it again with the filled cache.
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
