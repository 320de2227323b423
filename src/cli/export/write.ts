/** Weights and ONNX graphs of a network as files, and what is in them. */
import { dirname, join, parse } from 'node:path'
import { toHost } from '../../io/state.js'
import { loadNpz, saveNpz } from '../../node/arrays.js'
import {
  ensureFolder,
  loadSafetensors,
  saveSafetensors,
  writeFileAtomic,
} from '../../node/files.js'
import type { Network } from '../networks.js'
import { onnxFiles } from './onnx/index.js'
import { largest, type Row } from './verify/table.js'

/** Writes `NAME.onnx`, and beside it `NAME-encoder.onnx` and `NAME-decoder.onnx`, if it has them. */
export async function exportOnnx(
  path: string,
  network: Network,
): Promise<{ written: string[]; files: Record<string, Uint8Array> }> {
  const files = await onnxFiles(network.model, network.shape)
  const { dir, name, ext } = parse(path)
  await ensureFolder(dirname(path))
  const written: string[] = []
  for (const [part, bytes] of Object.entries(files)) {
    const file = part === 'model' ? path : join(dir, `${name}-${part}${ext}`)
    await writeFileAtomic(file, bytes)
    written.push(file)
  }
  return { written, files }
}

type WeightsFormat = 'safetensors' | 'npz'

/** Writes the weights alone. */
export async function exportWeights(
  path: string,
  format: WeightsFormat,
  { name, options, model }: Network,
): Promise<void> {
  const weights = await toHost(model.stateDict())
  await ensureFolder(dirname(path))
  if (format === 'npz') await saveNpz(path, weights)
  else await saveSafetensors(path, weights, { model: name, options: JSON.stringify(options) })
}

/** The weights in a file against the network's own. */
export async function verifyWeights(
  path: string,
  format: WeightsFormat,
  { model }: Network,
): Promise<Row[]> {
  const there = format === 'npz' ? await loadNpz(path) : (await loadSafetensors(path)).tensors
  const ours = Object.entries(await toHost(model.stateDict()))
  const differences = ours.map(([name, { data }]) => largest(data, there[name]?.data))
  return [{ what: 'weights, read again', difference: Math.max(...differences), bound: 0 }]
}
