/** The view in the address:  shape=2,3 & strides=3,1 & offset=0 */
import { first } from './examples.js'
import { cells, type Layout } from './strided.js'

export interface State extends Layout {
  /** Whether gradients are shown. */
  readonly gradient: boolean
  /** The operation that was done last. */
  readonly operation: string | null
}

/** What the address may say; the sliders go less far. */
const limits = { size: 36, stride: 24, offset: cells - 1 } as const

export function stateOf(params: URLSearchParams): State {
  const shape = listOf(params.get('shape'), 1, limits.size) ?? first.shape
  const strides = listOf(params.get('strides'), 0, limits.stride)
  return {
    shape,
    strides: strides?.length === shape.length ? strides : first.strides.slice(-shape.length),
    offset: listOf(params.get('offset'), 0, limits.offset)?.[0] ?? 0,
    gradient: params.get('gradient') === '1',
    operation: params.get('do'),
  }
}

export function addressOf({ shape, strides, offset, gradient, operation }: State) {
  return {
    shape: shape.join(','),
    strides: strides.join(','),
    offset,
    gradient: gradient ? 1 : null,
    do: operation,
  }
}

/** One or two whole numbers, or null. */
function listOf(text: string | null, least: number, most: number): number[] | null {
  const list = text?.match(/\d+/g)?.map(Number) ?? []
  const fits = list.every(n => n >= least && n <= most)
  return fits && (list.length === 1 || list.length === 2) ? list : null
}
