/** Files of NumPy and PyTorch. */
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from '../io/npy.js'
import { decodePt } from '../io/pt.js'
import type { HostTensor } from '../io/safetensors.js'
import { readBytes, writeFileAtomic } from './files.js'

/**
 * Reads a file of `torch.save`; see `io.decodePt`. `prefix` chooses the tensors of one part.
 *
 *     type Own = { epoch: number }
 *     const { tensors, values } = await loadPt<Own>('run.pt', { prefix: 'model_state_dict' })
 *     model.loadStateDict(io.fromHost(tensors))
 *
 * @throws Error that says what is wrong with the file, and where
 */
export async function loadPt<V = Record<string, unknown>>(
  path: string,
  options: { prefix?: string } = {},
): Promise<{ tensors: Record<string, HostTensor>; values: V }> {
  return decodePt<V>(await readBytes(path), path, options)
}

/**
 * Reads the array in a .npy file; see `io.decodeNpy`.
 *
 *     const { x } = io.fromHost({ x: await loadNpy('x.npy') })
 *
 * @throws Error that says what is wrong with the file, and where
 */
export async function loadNpy(path: string): Promise<HostTensor> {
  return decodeNpy(await readBytes(path), path)
}

/**
 * Reads the arrays in a .npz archive, by name; see `io.decodeNpz`.
 * @throws Error that says what is wrong with the archive, or with which array in it
 */
export async function loadNpz(path: string): Promise<Record<string, HostTensor>> {
  return decodeNpz(await readBytes(path), path)
}

/**
 * Writes an array as a .npy file, whole or not at all; see `io.encodeNpy`.
 *
 *     await saveNpy('x.npy', (await io.toHost({ x })).x)
 */
export async function saveNpy(path: string, t: HostTensor): Promise<void> {
  await writeFileAtomic(path, encodeNpy(t))
}

/**
 * Writes arrays as an .npz archive, whole or not at all; see `io.encodeNpz`.
 *
 *     await saveNpz('weights.npz', await io.toHost(model.stateDict()))
 */
export async function saveNpz(path: string, tensors: Record<string, HostTensor>): Promise<void> {
  await writeFileAtomic(path, encodeNpz(tensors))
}
