/** Checkpoints as files. */
import { decodeCheckpoint, encodeCheckpoint, type Stateful } from '../io/checkpoint.js'
import { optionsOf } from '../tensor/arguments.js'
import { readBytes, writeFileAtomic } from './files.js'

/**
 * Saves a training to one safetensors file, whole or not at all; see `io.encodeCheckpoint`.
 *
 *     await saveCheckpoint('run.safetensors', { model, optimizer, scheduler, loader, step })
 */
export async function saveCheckpoint(
  path: string,
  parts: Readonly<Record<string, unknown>>,
): Promise<void> {
  await writeFileAtomic(path, await encodeCheckpoint(parts))
}

/**
 * Loads a training from a file of `saveCheckpoint`; see `io.decodeCheckpoint`. Returns what is not
 * among the parts.
 *
 *     type Own = { step: number }
 *     const { step } = await loadCheckpoint<Own>('run.safetensors', { model, optimizer, loader })
 */
export async function loadCheckpoint<V = Record<string, unknown>>(
  path: string,
  parts: Readonly<Record<string, Stateful>> = {},
  options: { random?: boolean } = {},
): Promise<V> {
  optionsOf('loadCheckpoint', options, ['random'])
  return decodeCheckpoint<V>(await readBytes(path), parts, { ...options, name: path })
}
