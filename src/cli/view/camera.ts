/** Where the eye is, as matrices. */
import { mat4, vec4 } from 'wgpu-matrix'
import type { Place } from './scene.js'

export interface Camera {
  readonly view: Float32Array
  readonly projection: Float32Array
}

/** Between the eye and the middle of the box. */
export const distance = 5.6

/** An eye that looks at the middle from a little above, after a turn of `angle` radians. */
export function cameraAt(angle: number, aspect: number): Camera {
  const [height, lifted] = [(31 * Math.PI) / 180, 0.36]
  const eye = [
    distance * Math.cos(lifted) * Math.sin(angle),
    distance * Math.sin(lifted),
    distance * Math.cos(lifted) * Math.cos(angle),
  ]
  return {
    view: mat4.lookAt(eye, [0, -0.06, 0], [0, 1, 0]) as Float32Array,
    projection: mat4.perspective(height, aspect, 0.5, 20) as Float32Array,
  }
}

/** Where a place is on a picture, in pixels, and how far from the eye. */
export function onPicture(
  { view, projection }: Camera,
  place: Place,
  [width, height]: readonly [number, number],
): { x: number; y: number; far: number } {
  const seen = vec4.transformMat4([...place, 1], view)
  const [x, y, , w] = vec4.transformMat4(seen, projection)
  return { x: (width * (1 + x / w)) / 2, y: (height * (1 - y / w)) / 2, far: -seen[2] }
}
