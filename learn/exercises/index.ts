/** The exercises, by the name that a chapter calls them: <div class="exercise" data-name="cube"></div>. */
import { column } from './column.js'
import { cube } from './cube.js'
import type { Exercise } from './exercise.js'
import { hypot } from './hypot.js'
import { repeated } from './repeated.js'
import { strides } from './strides.js'
import { walk } from './walk.js'

export const exercises: Readonly<Record<string, Exercise>> = {
  column,
  cube,
  hypot,
  repeated,
  strides,
  walk,
}
