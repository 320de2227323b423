/** Canvases one after the other, as a GIF that repeats for ever. */
import gifenc, * as names from 'gifenc'
import { check } from '../../kernels/check.js'
import type { Canvas } from './canvas.js'

// Of this CommonJS package some loaders see the names, others a default that has them.
const { GIFEncoder, quantize, applyPalette } =
  'quantize' in gifenc ? gifenc : (names as unknown as typeof gifenc)

const mostColours = 256

/** All frames share one palette, chosen from four of them. @param delay of a frame, milliseconds */
export function animation(frames: readonly Canvas[], delay: number): Uint8Array {
  const { width, height } = frames[0]
  check(
    frames.every(frame => frame.width === width && frame.height === height),
    () => `animation: the frames are not all of ${width} × ${height}`,
  )
  const some = [0, 0.25, 0.5, 0.75].map(part => withAlpha(frames[Math.floor(part * frames.length)]))
  const palette = quantize(Uint8Array.from(some.flatMap(frame => [...frame])), mostColours)
  const gif = GIFEncoder()
  for (const [i, frame] of frames.entries()) {
    const index = applyPalette(withAlpha(frame), palette)
    gif.writeFrame(index, width, height, { delay, ...(i === 0 && { palette }) })
  }
  gif.finish()
  return gif.bytes()
}

function withAlpha({ data }: Canvas): Uint8Array {
  const rgba = new Uint8Array((data.length / 3) * 4).fill(255)
  for (let i = 0; 3 * i < data.length; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i)
  return rgba
}
