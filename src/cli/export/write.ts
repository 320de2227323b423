/** Weights and ONNX graphs of a network as files, and what is in them. */
import { dirname, join, parse } from 'node:path'
import { toHalf } from '../../io/half.js'
import type { HostTensor } from '../../io/safetensors.js'
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

/** Writes `NAME.onnx`, and beside it `NAME-encoder.onnx` and `NAME-decoder.onnx` if there are. */
export async function exportOnnx(
  path: string,
  network: Network,
): Promise<{ written: string[]; files: Record<string, Uint8Array> }> {
  const files = await onnxFiles(network.model, network.shape)
  const { dir, name, ext } = parse(path)
  await ensureFolder(dirname(path), '--output')
  const written: string[] = []
  for (const [part, bytes] of Object.entries(files)) {
    const file = part === 'model' ? path : join(dir, `${name}-${part}${ext}`)
    await writeFileAtomic(file, bytes)
    written.push(file)
  }
  return { written, files }
}

type WeightsFormat = 'safetensors' | 'npz'

/** Writes the weights alone; `half`: each rounded to 16 bits, in half of the bytes. */
export async function exportWeights(
  path: string,
  format: WeightsFormat,
  { name, options, model }: Network,
  half: boolean,
): Promise<void> {
  const state = Object.entries(await toHost(model.stateDict()))
  const weights = Object.fromEntries(
    state.map(([name, t]) => [name, half && t.dtype === 'F32' ? halved(t) : t]),
  )
  await ensureFolder(dirname(path), '--output')
  if (format === 'npz') await saveNpz(path, weights)
  else await saveSafetensors(path, weights, { model: name, options: JSON.stringify(options) })
}

function halved(t: HostTensor): HostTensor {
  return { ...t, dtype: 'F16', data: toHalf(t.data as Float32Array) }
}

/** The weights in a file against the network's own. */
export async function verifyWeights(
  path: string,
  format: WeightsFormat,
  { model }: Network,
  half: boolean,
): Promise<Row[]> {
  const there = format === 'npz' ? await loadNpz(path) : (await loadSafetensors(path)).tensors
  const ours = Object.entries(await toHost(model.stateDict()))
  const differences = ours.map(([name, { data }]) => largest(data, there[name]?.data))
  return [
    { what: 'weights, read again', difference: Math.max(...differences), bound: half ? 1e-3 : 0 },
  ]
}
