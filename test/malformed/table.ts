/** All formats. For another one: a file like `idx.ts`, and a line here. */
import { checkpoint } from './checkpoint.js'
import type { Format } from './format.js'
import { idx } from './idx.js'
import { kgz } from './kgz.js'
import { npys } from './npy.js'
import { npz } from './npz.js'
import { pngs } from './png.js'
import { pts } from './pt.js'
import { metrics, runConfig } from './run.js'
import { safetensors } from './safetensors.js'

export const formats: readonly Format[] = [
  ...[idx, pngs, safetensors, checkpoint, npys, npz, pts, kgz],
  ...[runConfig, metrics],
]
