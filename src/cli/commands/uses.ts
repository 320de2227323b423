/** What a trained autoencoder is good for: the commands. */
import { compress, decompress } from './compress.js'
import { denoise } from './denoise.js'
import { evaluate } from './evaluate.js'
import { generate } from './generate.js'
import { interpolate } from './interpolate.js'
import { latent } from './latent.js'
import { reconstruct } from './reconstruct.js'

export const uses = [
  evaluate,
  reconstruct,
  denoise,
  latent,
  generate,
  interpolate,
  compress,
  decompress,
]
