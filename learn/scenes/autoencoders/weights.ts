/** Weights that were trained on MNIST before, from the project's own files. */

import conv from '../../../pretrained/conv.safetensors?url'
import mlp from '../../../pretrained/mlp.safetensors?url'
import textbook from '../../../pretrained/textbook.safetensors?url'
import vae from '../../../pretrained/vae.safetensors?url'
import { io, type nn, scope } from '../../../src/index.js'
import type { File } from './messages.js'
import type { Settings } from './settings.js'

const files = { conv, mlp, textbook, vae }

/** Whether there are weights for this network. */
export const hasWeights = ({ model, latent }: Settings) => model !== 'textbook' || latent === 2

/** @throws Error when the server does not give the file */
export async function fetchWeights({ model }: Settings): Promise<File> {
  const name = `${model}.safetensors`
  const response = await fetch(files[model])
  if (!response.ok) throw new Error(`${name}: the server says ${response.status}; try again`)
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) }
}

/** @throws Error when the file is damaged or of another network */
export function giveWeights(model: nn.Module<unknown>, { name, bytes }: File): void {
  const { tensors } = io.decodeSafetensors(bytes, name)
  scope(() => model.loadStateDict(io.fromHost(tensors)))
}
