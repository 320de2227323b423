/** Codes as points of a plane or of space. */
import type { Codes } from './codes.js'
import { principalComponents, project } from './pca.js'

export interface Plane {
  /** Two or three numbers for each test image, one after the other. */
  readonly points: Float32Array
  readonly axes: readonly [x: string, y: string]
  /** How the points come from the codes, for the end of a sentence. */
  readonly words: string
  /** The part of the codes' variance that is along each axis; null when they are the codes. */
  readonly explained: readonly number[] | null
}

/** The codes of the test images on a plane: themselves, or their first principal components. */
export function planeOf({ test }: Codes): Plane {
  if (test.size === 2)
    return {
      points: test.data,
      axes: ['first number of the code', 'second number of the code'],
      words: '',
      explained: null,
    }
  if (test.size === 1) {
    const points = Float32Array.from({ length: 2 * test.data.length }, (_, i) =>
      i % 2 === 0 ? test.data[i / 2] : 0,
    )
    return { points, axes: ['the code', ''], words: '', explained: null }
  }
  const components = principalComponents(test, 2)
  const total = components.variances.reduce((sum, v) => sum + v, 0)
  const explained = [0, 1].map(k => components.variances[k] / (total || 1))
  const named = ['first', 'second'].map(
    (which, k) =>
      `${which} principal component (${(100 * explained[k]).toFixed(0)} % of the variance)`,
  )
  return {
    points: project(test, components).data,
    axes: [named[0], named[1]],
    words: `, ${test.size} numbers each`,
    explained,
  }
}
