/** Which network with which weights: what a decoder must share with the encoder. */
import { createHash } from 'node:crypto'
import { toHost } from '../../io/state.js'
import type { Network } from '../network.js'

/** SHA-256 of all tensors of a network, with names and shapes. */
export async function hashOf({ model }: Network): Promise<string> {
  const hash = createHash('sha256')
  const state = Object.entries(await toHost(model.stateDict()))
  for (const [name, { dtype, shape, data }] of state.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name} ${dtype} ${shape.join()}\n`)
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}
