/** Weights in a file of any format that is known, by the names that PyTorch has for them. */

import type { HostTensor } from '../io/safetensors.js'
import { fromHost } from '../io/state.js'
import { loadNpz, loadPt } from '../node/arrays.js'
import { loadSafetensors } from '../node/files.js'
import { type nn, scope } from '../node.js'

export interface Weights {
  tensors: Record<string, HostTensor>
  /** What the file says of itself, if its format can. */
  metadata: Record<string, string>
}

/** The parts of a usual checkpoint of PyTorch that hold the network. */
const parts = ['model_state_dict', 'state_dict', 'model']

/** Reads .safetensors, .pt, .pth and .npz. @throws Error of one line that names the file */
export async function readWeights(file: string): Promise<Weights> {
  if (/\.pth?$/.test(file)) {
    const { tensors } = await loadPt(file)
    const part = parts.find(name => Object.keys(tensors).some(key => key.startsWith(`${name}.`)))
    return {
      tensors: part ? (await loadPt(file, { prefix: part })).tensors : tensors,
      metadata: {},
    }
  }
  if (file.endsWith('.npz')) return { tensors: await loadNpz(file), metadata: {} }
  const { tensors, metadata = {} } = await loadSafetensors(file)
  return { tensors, metadata }
}

/** @throws Error that names the file when the weights are of another network */
export function giveWeights(model: nn.Module<unknown>, { tensors }: Weights, file: string): void {
  scope(() => {
    try {
      model.loadStateDict(fromHost(tensors))
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error })
    }
  })
}
