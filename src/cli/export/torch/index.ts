/** A network as a folder for PyTorch: its module, its weights, and a script that trains it. */
import { join } from 'node:path'
import type { ImageSet } from '../../../data/dataset.js'
import { encodeNpy } from '../../../io/npy.js'
import { encodeSafetensors } from '../../../io/safetensors.js'
import { toHost } from '../../../io/state.js'
import { ensureFolder, writeFileAtomic } from '../../../node/files.js'
import type { Network } from '../../networks.js'
import { dataScript } from './data.py.js'
import { filesScript } from './files.py.js'
import { modelScript } from './model.js'
import { trainScript } from './train.py.js'
import { trainingScript } from './training.py.js'

/**
 * Writes `model.py`, `weights.safetensors`, `images.npy`, `train_ddp.py` and what that imports.
 * Nothing in them needs more than PyTorch and NumPy. Returns the names of the files.
 */
export async function exportTorch(
  folder: string,
  network: Network,
  { images, count, height, width }: ImageSet,
): Promise<string[]> {
  const weights = encodeSafetensors(await toHost(network.model.stateDict()), {
    model: network.name,
    options: JSON.stringify(network.options),
  })
  const files: Record<string, Uint8Array | string> = {
    'model.py': modelScript(network),
    'weights.safetensors': weights,
    'images.npy': encodeNpy({ dtype: 'U8', shape: [count, height, width], data: images.slice() }),
    'train_ddp.py': trainScript,
    'kernelgrad_data.py': dataScript,
    'kernelgrad_files.py': filesScript,
    'kernelgrad_training.py': trainingScript,
  }
  await ensureFolder(folder, '--output')
  for (const [name, content] of Object.entries(files))
    await writeFileAtomic(join(folder, name), content)
  return Object.keys(files)
}
