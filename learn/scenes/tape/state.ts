/** What the reader has set, in the address and back:  e=w*x+b & v=w=3;x!=2;b=1 */
import { first, presetOf } from './presets.js'

/** The text of a leaf's values, and whether its gradient is wanted. */
export interface LeafText {
  readonly text: string
  readonly requiresGrad: boolean
}

/** By name. */
export type LeafTexts = Readonly<Record<string, LeafText>>

export interface State {
  readonly expression: string
  readonly leaves: LeafTexts
  /** Records made, then 1 for the start of the walk, then records passed; null: all made. */
  readonly at: number | null
  /** The places of the records that the reader has visited on the tape; null: the engine's order. */
  readonly order: readonly number[] | null
}

export function stateOf(params: URLSearchParams): State {
  const expression = params.get('e') ?? first.expression
  const [at, order] = [params.get('at'), params.get('order')]
  return {
    expression,
    leaves: { ...presetLeaves(expression), ...leavesOf(params.get('v') ?? '') },
    at: at === null ? null : Number(at),
    order: order === null ? null : (order.match(/\d+/g) ?? []).map(Number),
  }
}

/** As the address holds it; null leaves a value out. */
export function addressOf({ expression, leaves, at, order }: State) {
  const preset = presetLeaves(expression)
  const v = Object.entries(leaves).map(
    ([name, { text, requiresGrad }]) =>
      `${name}${requiresGrad ? '' : '!'}=${text.replace(/ /g, '')}`,
  )
  return {
    e: expression,
    v: JSON.stringify(leaves) === JSON.stringify(preset) ? null : v.join(';'),
    at: order ? null : at,
    order: order?.join(',') ?? null,
  }
}

/** What a preset sets for the leaves of its expression. */
export function presetLeaves(expression: string): LeafTexts {
  return leavesOf(
    Object.entries(presetOf(expression)?.values ?? {})
      .map(([name, text]) => `${name}=${text}`)
      .join(';'),
  )
}

function leavesOf(text: string): LeafTexts {
  const found = [...text.matchAll(/(\w+)(!?)=([^;]*)/g)]
  return Object.fromEntries(
    found.map(([, name, fixed, text]) => [name, { text, requiresGrad: fixed === '' }]),
  )
}
