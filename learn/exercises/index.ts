/** The exercises, by the name that a chapter calls them: <div class="exercise" data-name="cube"></div>. */
import { adjoint } from './adjoint.js'
import { column } from './column.js'
import { cube } from './cube.js'
import type { Exercise } from './exercise.js'
import { hypot } from './hypot.js'
import { loads } from './loads.js'
import { repeated } from './repeated.js'
import { rowsum } from './rowsum.js'
import { slope } from './slope.js'
import { strides } from './strides.js'
import { walk } from './walk.js'

export const exercises: Readonly<Record<string, Exercise>> = {
  adjoint,
  column,
  cube,
  hypot,
  loads,
  repeated,
  rowsum,
  slope,
  strides,
  walk,
}
