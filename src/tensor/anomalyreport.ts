/** What is said of a launch that made numbers which are not finite. */

/** Where the program was, in words. */
export interface Place {
  readonly layer: string
  readonly line: string
}

/** The last scan in a buffer, of elements from `from` to `to` − 1. */
export interface Scan {
  readonly from: number
  readonly to: number
  readonly number: number
  readonly at: number
  readonly place: Place
}

/** A result or an input of a launch, and the number of its range. */
export interface Part {
  readonly name: string
  readonly shape: string
  readonly number: number
}

export interface Report {
  readonly what: string
  readonly place: Place
  readonly result: Part
  readonly inputs: readonly Part[]
}

/** The whole message; `ranges` are those that anomaly.wgsl wrote. */
export function describeReport(
  { what, place, result, inputs }: Report,
  ranges: Uint32Array,
): string {
  const rangeOf = ({ name, shape, number: n }: Part) =>
    `${name} ${shape} ${inWords(ranges.subarray(4 * n, 4 * n + 4))}`
  const layer = place.layer && ` in the layer ${place.layer}`
  const from = inputs.length > 0 ? `; from ${inputs.map(rangeOf).join(', ')}` : ''
  const made = 'made numbers that are not finite'
  return `anomaly: ${what}${layer}${place.line} ${made}: ${rangeOf(result)}${from}`
}

/** Such as (from −1 to 1, 3 NaN). */
function inWords([low, high, nans, infinite]: Uint32Array): string {
  const finite = low <= high ? [`from ${numberOf(low)} to ${numberOf(high)}`] : []
  const others = [
    [nans, 'NaN'],
    [infinite, '±∞'],
  ].flatMap(([n, name]) => (n ? [`${n} ${name}`] : []))
  return `(${[...finite, ...others].join(', ')})`
}

/** The float of an ordered whole number: see anomaly.wgsl. */
function numberOf(ordered: number): string {
  const bits = ordered >= 0x80000000 ? ordered & 0x7fffffff : ~ordered
  return new Float32Array(Int32Array.of(bits).buffer)[0].toPrecision(3)
}
