/** Codes in space: one picture, and an animation that turns around them. */
import { type Codes, hasClasses } from '../codes.js'
import { animation } from '../draw/animation.js'
import { type Canvas, paper } from '../draw/canvas.js'
import { write } from '../draw/lettering.js'
import { principalComponents, project } from '../pca.js'
import { type Camera, cameraAt, onPicture } from './camera.js'
import { type Renderer, renderer } from './render.js'
import { type Scene, sceneOf } from './scene.js'

const large = [1024, 896] as const
const small = [512, 448] as const
const [frames, delay, first] = [48, 90, 0.55] // pictures of a turn, milliseconds, radians

/**
 * The codes of the first `most` test images in space, or their first three principal components.
 * Codes of fewer than three numbers give no files.
 */
export async function viewFiles(
  name: string,
  { test, testSet }: Codes,
  most: number,
): Promise<Record<string, Uint8Array>> {
  if (test.size < 3) return {}
  const isSpace = test.size === 3
  const { data } = isSpace ? test : project(test, principalComponents(test, 3))
  const count = Math.min(most, testSet.count)
  const labels = hasClasses(testSet) ? testSet.labels.subarray(0, count) : null
  const axes = [1, 2, 3].map(k => (isSpace ? `z${k}` : `PC ${k}`))
  const scene = sceneOf(data.subarray(0, 3 * count), labels, axes)
  const pictures = async (size: readonly [number, number], angles: readonly number[]) => {
    const drawing = renderer(scene, ...size)
    try {
      const made: Canvas[] = []
      for (const angle of angles)
        made.push(await drawn(drawing, scene, cameraAt(angle, size[0] / size[1])))
      return made
    } finally {
      drawing.dispose()
    }
  }
  const turn = Array.from({ length: frames }, (_, i) => first + (2 * Math.PI * i) / frames)
  return {
    [`${name}-space.png`]: (await pictures(large, [first]))[0].png(),
    [`${name}-space.gif`]: animation(await pictures(small, turn), delay),
  }
}

/** A frame with its words; those that are farther away are written first. */
async function drawn(drawing: Renderer, { words }: Scene, camera: Camera): Promise<Canvas> {
  const canvas = await drawing.frame(camera)
  const { width, height } = canvas
  const placed = words.map(word => ({
    ...word,
    at: onPicture(camera, word.place, [width, height]),
  }))
  for (const { text, colour, size, at } of placed.sort((a, b) => b.at.far - a.at.far)) {
    const capital = size * height
    const place = [at.x, at.y + capital / 2] as const
    const look = { size: capital, align: 'middle' } as const
    write(canvas, text, place, { ...look, colour: paper, pen: capital / 2.2 })
    write(canvas, text, place, { ...look, colour, pen: capital / 7 })
  }
  return canvas
}
