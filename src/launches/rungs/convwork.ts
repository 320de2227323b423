/** How the images of a convolution are divided among workgroups. */
import type { Geometry } from '../geometry.js'

/** How much is launched: invocations, or whole workgroups. */
export type Work = { readonly threads: number } | { readonly workgroups: number }

/** Workgroups of 64 positions, with the same block of channels. */
export function imageOfBlocks(shapes: Geometry, to: 'x' | 'y'): Work {
  const [channels, phases] = [shapes[to][1] / shapes.groups, phasesOf(shapes, to)]
  const chunks = Math.ceil(phases.positions / 64)
  const blocks = Math.ceil(channels / blockOf(channels))
  return { workgroups: phases.count * shapes.groups * blocks * chunks }
}

/**
 * The positions of x that have the same taps are one phase of stride². All positions of y do.
 * Counted for four images at a time.
 */
export function phasesOf({ stride, ...shapes }: Geometry, to: 'x' | 'y') {
  const [images, , h, w] = shapes[to]
  const [sy, sx] = to === 'x' ? stride : [1, 1]
  return {
    count: sy * sx,
    positions: Math.ceil(images / 4) * Math.ceil(h / sy) * Math.ceil(w / sx),
  }
}

/** Channels per invocation: sixteen, unless half of the last block would be empty. */
export function blockOf(channels: number): 4 | 8 | 16 {
  if (channels <= 4) return 4
  return (channels - 1) % 16 < 8 ? 8 : 16
}

/** Blocks of sixteen channels, or of eight where there are no more. */
export function blocksOf(channels: number): number {
  return Math.ceil(channels / (channels > 8 ? 16 : 8))
}
