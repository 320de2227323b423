/** The exercises, by the name that a chapter calls them: <div class="exercise" data-name="cube"></div>. */
import { adjoint } from './adjoint.js'
import { column } from './column.js'
import { cube } from './cube.js'
import { divergence } from './divergence.js'
import type { Exercise } from './exercise.js'
import { hypot } from './hypot.js'
import { intensity } from './intensity.js'
import { loads } from './loads.js'
import { repeated } from './repeated.js'
import { rowsum } from './rowsum.js'
import { sample } from './sample.js'
import { size } from './size.js'
import { slope } from './slope.js'
import { spread } from './spread.js'
import { strides } from './strides.js'
import { walk } from './walk.js'

export const exercises: Readonly<Record<string, Exercise>> = {
  adjoint,
  column,
  cube,
  divergence,
  hypot,
  intensity,
  loads,
  repeated,
  rowsum,
  sample,
  size,
  slope,
  spread,
  strides,
  walk,
}
