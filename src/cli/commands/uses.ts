/** What a trained autoencoder is good for: the commands. */
import { denoise } from './denoise.js'
import { reconstruct } from './reconstruct.js'

export const uses = [reconstruct, denoise]
