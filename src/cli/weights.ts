/** Where a trained network goes: never to nothing. */
import { mkdtemp } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { nn } from '../index.js'
import type { HostTensor } from '../io/safetensors.js'
import { toHost } from '../io/state.js'
import { check } from '../kernels/check.js'
import { makeFolder, reason, saveSafetensors } from '../node/files.js'

/** A network's weights after some epochs. */
export interface Snapshot {
  epochs: number
  state: Record<string, HostTensor>
}

/** Reads a network's weights. @throws Error when one is NaN or infinite */
export async function snapshotOf(model: nn.Module<unknown>, epochs: number): Promise<Snapshot> {
  const state = await toHost(model.stateDict())
  checkWeights(state, `after epoch ${epochs}`)
  return { epochs, state }
}

/** @throws Error that names the weight when one is NaN or infinite */
export function checkWeights(weights: Record<string, HostTensor>, when: string): void {
  for (const [name, { data }] of Object.entries(weights)) {
    const bad = Array.from<unknown>(data).find(value => !Number.isFinite(value))
    check(bad === undefined, () => `the weight ${name} is ${bad} ${when}; a smaller --lr may help`)
  }
}

/**
 * Writes weights to `folder`, which is made again if it was removed. If it cannot be written to,
 * they go to a new folder for temporary files, or else below the user's home: one line on stderr
 * says so, and the exit code is 1. Returns the folder that has them.
 * @throws Error that names every folder, when none can be written to
 */
export async function saveWeights(
  folder: string,
  file: string,
  { epochs, state }: Snapshot,
  metadata: Record<string, string>,
): Promise<string> {
  const failures: string[] = []
  for (const make of [
    () => remake(folder),
    () => mkdtemp(join(tmpdir(), 'kernelgrad-')),
    () => mkdtemp(join(homedir(), 'kernelgrad-')),
  ]) {
    try {
      const made = await make()
      await saveSafetensors(join(made, file), state, { ...metadata, epochs: String(epochs) })
      if (failures.length > 0) {
        process.exitCode ??= 1
        console.error(`kernelgrad: ${failures.join('; ')}: the weights are in ${made} instead`)
      }
      return made
    } catch (error) {
      failures.push((error as Error).message)
    }
  }
  throw new Error(`the weights could not be written: ${failures.join('; ')}`)
}

async function remake(folder: string): Promise<string> {
  await makeFolder(folder).catch(error => {
    throw new Error(`${folder}: ${reason(error)}`)
  })
  return folder
}
